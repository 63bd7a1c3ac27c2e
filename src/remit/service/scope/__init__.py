"""Who sees which rows: the one place that scopes every query by organisation.

`scope.Scope` says what the person at work may see; `acting` sets it for a request, a job or a command; `rows` holds
the models and managers that filter by it; `conditions` says under what condition a row is seen; `reach` works a
person's scope out from appointments and memberships; `row_security` puts the same conditions under PostgreSQL's tables.
"""
