"""How the figures of chance were made, and what they do not say."""

from __future__ import annotations

from remit.analysis.chance import MOST_SUMMED
from remit.analysis.chance_result import ChanceResult
from remit.documents.blocks import Bullets, Fold

_METHOD = (
    "A repeat of the year: a practice's own rate is not known, only its counts. How practices differ is fitted to the "
    "run (a beta-binomial, by maximum likelihood). After x of n patients the own rate is then Beta(alpha + x, beta + n "
    "− x), and a repeat's count is beta-binomial. Every possible count is taken with its exact probability and with "
    "what the scheme pays for it. Nothing is drawn at random.",
    "A different award is a different step or, on a line of points, points more than a tenth higher or lower.",
    "At risk is how far a repeat's pounds lie from this year's on average, up or down, item by item. It is an "
    "estimate, shown in whole pounds.",
    f"90% of repeats: with up to {MOST_SUMMED} items every combination is added up; with more, a normal curve is used.",
    "Own rate asks something else: not what a repeat would count, but which step the practice's rate lies in without "
    "the chance of one year, as far as its numbers tell.",
    "Reliability is the share of the differences between practices that is theirs, and not chance: n / (n + alpha "
    "+ beta) for n patients (Adams, RAND TR-653, from memory). 0.7 is the usual threshold for practices (BMJ "
    "Quality & Safety 27:21). NICE asks for more than 20 patients in a practice of 10,000 (IND172), before PCAs; here "
    "patients are counted after PCAs.",
    "Funnels: Spiegelhalter, Statistics in Medicine 2005;24:1185 and QSHC 2005;14:347. Limits of chance alone are "
    "exact binomial; the others add the variance between practices, from z values winsorised at 10%, which makes them "
    "narrower than they say: on simulated areas where practices differed and none was an outlier, 7 to 11 in 100 "
    "practices lay outside the limits of 95%, and about 1 in 100 outside those of 99.8%.",
    "Chances and intervals take how practices differ as if it were known, though it is estimated. On simulated areas "
    "the own rates of 88 in 100 practices lay in their intervals of 90%, and fewer, 87, where numbers were small or "
    "practices much alike.",
    "What it assumes: items do not influence each other, nor do patients; patient numbers, lists, weights and care "
    "stay as they were. No chance is stated for items that choose each other's table, or are paid within each other. "
    "Where practices differ because their patients do, that counts as the practices' own and not as chance.",
)


def how(result: ChanceResult) -> Fold:
    """All of it, folded."""
    more = (
        ("Small counts are not drawn in the funnels. For sensitive items only pounds are shown.",)
        if result.items
        else ()
    )
    return Fold("How this was worked out, and what it does not say", (Bullets((*_METHOD, *more)),))
