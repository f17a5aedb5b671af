"""Floor 0, pure: what may be published. One file per document type, columns, fault codes, policy numbers."""
