"""What development needs and no user gets: the generator of `schemas/` and `docs/reference/`."""
