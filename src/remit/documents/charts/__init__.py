"""Charts as small SVG of our own: one palette, no font, the same bytes each time."""

from remit.documents.charts.bars import Bar, bars
from remit.documents.charts.before_after import Change, before_after, gains
from remit.documents.charts.density import density
from remit.documents.charts.flow import Step, flow
from remit.documents.charts.funnel import FunnelLimit, FunnelPoint, funnel_chart
from remit.documents.charts.history import Span, Value, history
from remit.documents.charts.line import PaymentLine, at_mark, line
from remit.documents.charts.lorenz import lorenz
from remit.documents.charts.spread import Spread, spread
from remit.documents.charts.strips import Strip, strip, strips
from remit.documents.charts.trends import Trend, trends

__all__ = [
    "Bar",
    "Change",
    "FunnelLimit",
    "FunnelPoint",
    "PaymentLine",
    "Span",
    "Spread",
    "Step",
    "Strip",
    "Trend",
    "Value",
    "at_mark",
    "bars",
    "before_after",
    "density",
    "flow",
    "funnel_chart",
    "gains",
    "history",
    "line",
    "lorenz",
    "spread",
    "strip",
    "strips",
    "trends",
]  # fmt: skip
