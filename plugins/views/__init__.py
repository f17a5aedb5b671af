"""Floor 3, pure: records become the `Site`, the `Site` becomes views and jobs."""
