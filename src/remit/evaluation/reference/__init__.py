"""The reference interpreter: what every field, condition and rule means, one plain function each.

It is slow and meant to be read beside the rule table; faster engines must agree with it, patient by patient and rule by
rule. Numbers are exact (`Fraction`), None is missing, and nothing dated after the achievement date is seen.

`chart` has populations and rules, `fields` the fields, `conditions` conditions and terms; below them stand `values` and
`people`.
"""

from remit.evaluation.reference.chart import PatientChart as PatientChart
from remit.evaluation.reference.measured import Range as Range
from remit.evaluation.reference.people import age as age
from remit.evaluation.reference.people import registration_on as registration_on
from remit.evaluation.reference.people import shifted as shifted
from remit.evaluation.reference.values import FieldValue as FieldValue
from remit.evaluation.reference.values import Reading as Reading
from remit.evaluation.reference.values import Step as Step
