"""Sample data: plainly fictitious agencies whose forms go through the real writing, reading and recording."""

from pmqa.demo.forms import Progress, demo_forms, fill_with_samples, form_name, is_untouched
from pmqa.demo.submissions import LAST_YEAR, demo_submissions
