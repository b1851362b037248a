"""The plan folder: schema, loading, checking, formulas, addresses."""
