"""The pages of a year: the practice's, the contract manager's, finance's; and the way from a penny to its rule."""
