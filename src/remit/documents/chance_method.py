"""How the figures of chance were made, and what they do not say."""

from __future__ import annotations

from remit.analysis.chance import MOST_SUMMED
from remit.analysis.chance_result import ChanceResult
from remit.documents.blocks import Bullets, Fold

_METHOD = (
    "A repeat of the year: a practice's own rate is not known, only its counts. With the spread of the practices "
    "of the run (a beta-binomial, fitted by maximum likelihood) its own rate is Beta(alpha + x, beta + n − x) "
    "after x of n patients, and what a repeat counts is beta-binomial. Every count is summed with its exact "
    "probability; what it earns is the payment rule's. Nothing is drawn at random.",
    "Another award is another step; on a line of points, points that differ by more than a tenth from the year's.",
    "At risk is the mean distance, up or down, of a repeat's pounds from the year's, item by item. It is an "
    "estimate, and shown in whole pounds.",
    f"90% of repeats: of up to {MOST_SUMMED} items every combination is summed; with more, the sum is taken as normal.",
    "Own rate is another question: not what a repeat would count, but in which step the practice's rate lies when "
    "chance is taken away, as far as its numbers tell.",
    "Reliability is the share of what rates differ by that is of the practices and not of chance: n / (n + alpha "
    "+ beta) for n patients (Adams, RAND TR-653, from memory). 0.7 is the usual threshold for practices (BMJ "
    "Quality & Safety 27:21). More than 20 patients in a practice of 10,000 is what NICE asks for (IND172), "
    "before PCAs; here the patients counted are after them.",
    "Funnels: Spiegelhalter, Statistics in Medicine 2005;24:1185 and QSHC 2005;14:347. Limits of chance alone are "
    "exact binomial; the others add the variance between practices, from z values winsorised at 10%.",
    "Limits: items are taken as independent of each other, as are patients; numbers of patients, lists, weights "
    "and the care itself as they were. A repeat of items that choose each other's table, or are paid within each "
    "other, is not stated. Where practices truly differ in who their patients are, that counts as theirs and not "
    "as chance.",
)


def how(result: ChanceResult) -> Fold:
    """All of it, folded."""
    more = ("Small counts are kept from the funnels; sensitive items have their pounds alone.",) if result.items else ()
    return Fold("How this was worked out, and what it does not say", (Bullets((*_METHOD, *more)),))
