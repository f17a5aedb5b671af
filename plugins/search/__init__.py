"""Floor 3: the Whoosh index for editors and previews, the static index for the browser."""
