"""Floor 3, pure: a view becomes bytes. One file per format; never imports views."""
