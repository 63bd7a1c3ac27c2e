"""The vector evaluator: many practices and many draws at once, always the exact evaluator's penny. numpy stays here."""

from remit.pricing.vector.columns import Column
from remit.pricing.vector.outcomes import Points
from remit.pricing.vector.plan import ItemPrices, Prices, VectorPlan, vector_plan

__all__ = ["Column", "ItemPrices", "Points", "Prices", "VectorPlan", "vector_plan"]
