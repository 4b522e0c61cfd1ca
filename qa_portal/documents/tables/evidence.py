from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table


class EvidenceTable(Table):
    columns = (
        Column(
            "title",
            _("Evidence"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title),
            sort=("title",),
            css="main",
            width=50,
        ),
        Column("what", _("File or link"), lambda r: r.file_name or r.link, width=40, css="wrap"),
        Column("size", _("Size"), lambda r: filesizeformat(r.size) if r.file else "", css="num"),
        Column(
            "speaks_of",
            _("Date it speaks of"),
            lambda r: r.speaks_of,
            lambda r: cells.date(r.speaks_of),
            sort=("speaks_of",),
            css="date",
        ),
        Column("edition", _("Revision"), lambda r: r.edition, page=False),
        Column("checksum", _("Checksum (SHA-256)"), lambda r: r.checksum, page=False, width=66),
        Column("by", _("Entered by"), lambda r: r.created_by.get_short_name() if r.created_by else ""),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
    )
