"""Figures for one's own use, and the reports that may leave the house."""
