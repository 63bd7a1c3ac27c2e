"""Words that people write as keys, as contracts have them, and what Remit calls it: where an unknown key leads.

By the word, the key as it is written here, and the section of the page "What a contract says, and how it is written".
"""

from __future__ import annotations

PAGE = "docs/reference/what-a-contract-says.md"

TRIED: dict[str, tuple[str, str]] = {
    "total": ("sums", "totals"),
    "sum_of": ("sums", "totals"),
    "per_thousand": ("measure: per_1000", "scales"),
    "per_practice": ("paid: per practice", "scales"),
    "per_patient": ("per_head", "scales"),
    "pence": ("per_head", "scales"),
    "direction": ("better: lower", "scales"),
    "lower_is_better": ("better: lower", "scales"),
    "amount": ("per_head", "scales"),
    "applies_if": ("only_if", "conditions"),
    "clawback": ("repaid", "conditions"),
    "claw_back": ("repaid", "conditions"),
    "condition": ("only_if", "conditions"),
    "conditions": ("only_if", "conditions"),
    "eligible": ("only_if", "conditions"),
    "eligible_if": ("only_if", "conditions"),
    "halved": ("reduced", "conditions"),
    "if": ("only_if", "conditions"),
    "only_when": ("only_if", "conditions"),
    "paid_if": ("only_if", "conditions"),
    "reduce": ("reduced", "conditions"),
    "repay": ("repaid", "conditions"),
    "unless": ("only_if", "conditions"),
    "when": ("only_if", "conditions"),
    "where": ("only_if", "conditions"),
    "best_of": ("higher_of", "baseline"),
    "better_of": ("higher_of", "baseline"),
    "change": ("change_over", "baseline"),
    "growth_over": ("change_over", "baseline"),
    "greater_of": ("higher_of", "baseline"),
    "improvement": ("higher_of", "baseline"),
    "improves_by": ("change_over", "baseline"),
    "increase": ("own_target", "baseline"),
    "max_of": ("higher_of", "baseline"),
    "rise": ("change_over", "baseline"),
    "rises_by": ("own_target", "baseline"),
    "area_average": ("small_numbers", "budgets"),
    "board_average": ("small_numbers", "budgets"),
    "budget": ("scaled_to", "budgets"),
    "cap": ("at_most", "limits"),
    "capped_at": ("at_most", "limits"),
    "fewer_than": ("small_numbers", "budgets"),
    "floor": ("at_least", "limits"),
    "deadline": ("veto_by", "networks"),
    "max": ("at_most", "limits"),
    "maximum": ("at_most", "limits"),
    "least_list": ("at_least", "limits"),
    "min_list": ("at_least", "limits"),
    "minimum_list": ("at_least", "limits"),
    "bands": ("tiers", "limits"),
    "most_per_thousand": ("most_per_1000", "limits"),
    "per_1000": ("most_per_1000", "limits"),
    "prices": ("tiers", "limits"),
    "tariffs": ("tiers", "limits"),
    "min": ("at_least", "limits"),
    "minimum_denominator": ("small_numbers", "budgets"),
    "minimum": ("at_least", "limits"),
    "payee": ("paid_to", "networks"),
    "payable_to": ("paid_to", "networks"),
    "population": ("people", "networks"),
    "silence": ("assent: unless vetoed", "networks"),
    "veto": ("assent: unless vetoed", "networks"),
    "vetoed": ("assent: unless vetoed", "networks"),
    "pot": ("scaled_to", "budgets"),
    "pro_rata": ("scaled_to", "budgets"),
    "reduced_in_proportion": ("scaled_to", "budgets"),
    "scaling": ("scaled_to", "budgets"),
}


def hint(name: str) -> str | None:
    """What to write instead of a key that is known from contracts; None for one that is not."""
    if name not in TRIED:
        return None
    key, section = TRIED[name]
    return f"What contracts call '{name}' is written with '{key}': see {PAGE}#{section}."
