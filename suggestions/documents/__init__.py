"""Papers of suggestions and claims, by noun."""
