"""The client of the Console API, against a service that misbehaves in every documented way."""
