"""As whom each role acts in the year of a scheme. Pure: no row and no request is read here."""

from __future__ import annotations

from remit.contract.machine import Party

PARTY_OF_ROLE = {
    "practice_lead": Party.PRACTICE,
    "network_manager": Party.NETWORK,
    "contract_manager": Party.CONTRACT_MANAGER,
    "approver_tier_1": Party.TIER_1,
    "approver_tier_2": Party.TIER_2,
    "finance_officer": Party.FINANCE,
    "data_quality": Party.DATA_QUALITY,
}
"""By the role's id; the others read, and act as nobody."""
