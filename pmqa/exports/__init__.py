"""Tables and charts as files: csv, xlsx, parquet, pptx, png, svg, pdf, zip, and whole reports.

Pure functions from tables and figures to bytes: the same input gives the same bytes. No store and no pages here.
Every file carries its Stamp. Text from workbooks stays text in all of them: never a formula, never markup.
"""

from pmqa.exports.briefings import Briefing, briefing_file
from pmqa.exports.bundle import to_zip
from pmqa.exports.datapackage import Publisher, Resource, data_zip, datapackage, resource_name
from pmqa.exports.dictionary import DATA, Field, dictionary_of, fields_of
from pmqa.exports.one_pagers import OnePager, one_pager_file, summary_of
from pmqa.exports.origins import origin_lines, origins_table
from pmqa.exports.pictures import to_pdf, to_png, to_svg
from pmqa.exports.report_files import report_pptx
from pmqa.exports.report_pdf import report_pdf
from pmqa.exports.reports import Page, Report
from pmqa.exports.slides import to_pptx
from pmqa.exports.stamp import Stamp, clean_text, file_name, metadata
from pmqa.exports.tables import to_csv, to_parquet, to_paste, to_xlsx
from pmqa.exports.traces import MOST_TRACED, STEP, left_out_sheet, scopes_to_trace, trace_sheet, worded_trace
from pmqa.exports.workbooks import xlsx_with_charts
