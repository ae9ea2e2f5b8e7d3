"""What each project and task of a plan adds to its whole effect, whoever comes first."""
