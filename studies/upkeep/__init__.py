"""What keeps committed things in order: posteriors, equal rules, the font, pages of columns, trials."""
