"""Archives as sources: what a site's old system exports, read without holding it whole."""
