"""Tables and charts as files: csv, xlsx, parquet, pptx, png, svg, pdf, zip, and whole reports.

Pure functions from tables and figures to bytes: the same input gives the same bytes. No store and no pages here.
Every file carries its Stamp. Text from workbooks stays text in all of them: never a formula, never markup.
"""

from pmqa.exports.stamp import Stamp, clean_text, file_name, metadata
from pmqa.exports.tables import to_csv, to_parquet, to_xlsx

__all__ = ["Stamp", "clean_text", "file_name", "metadata", "to_csv", "to_parquet", "to_xlsx"]
