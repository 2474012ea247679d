"""Workbooks made by code, each named for what it shows; `python -m tests.workbooks FOLDER` writes them out."""
