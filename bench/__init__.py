"""What is measured, as ratios within one run: `python -m bench`, or `python -m bench pages tap`."""
