"""Sentences of the forms that are printed and signed."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "form.rehearsal": (
        "演练：本表仅供演练，不是真实的送交凭证。",
        "Rehearsal: this form is an exercise and proves no delivery.",
    ),
    "form.number": ("编号", "Number"),
    "form.from": ("送交单位", "From"),
    "form.to": ("接收单位", "To"),
    "form.address": ("地址", "Address"),
    "form.contact": ("联系方式", "Contact"),
    "form.month": ("月份", "Month"),
    "form.made": ("制表", "Made"),
    "form.sender": ("送交单位", "For the sender"),
    "form.receiver": ("接收单位", "For the receiver"),
    "form.signature": ("经办人（签字）：", "Name and signature:"),
    "form.stamp": ("单位（盖章）：", "Stamp:"),
    "form.date": ("交接日期：      年    月    日", "Date of the hand-over:"),
    "form.purged": ("（内容已清除）", "(content purged)"),
    "form.attachments": ("附件 {count} 件", "attachments: {count}"),
    "form.withdrawn": ("{day} 批准撤回：{reason}", "withdrawn on {day}: {reason}"),
    "form.recorded_late": ("{day} 补录", "recorded on {day}"),
    "form.copies": ("纸质 {paper} / 电子 {electronic}", "{paper} paper / {electronic} electronic"),
    "form.column.place": ("序号", "No."),
    "form.column.index_number": ("索引号", "Index number"),
    "form.column.title": ("名称、文号", "Title and document number"),
    "form.column.body": ("公开机构", "Body"),
    "form.column.formed_on": ("生成日期", "Formed on"),
    "form.column.paper": ("纸质份数", "Paper"),
    "form.column.electronic": ("电子份数", "Electronic"),
    "form.column.digest": ("内容摘要（SHA-256）", "Digest of the text (SHA-256)"),
    "form.column.copies": ("份数", "Copies"),
    "form.column.received": ("交接日期、签收人", "Handed over, received by"),
    # The delivery list
    "form.list.title": ("政府公开信息送交目录表", "Delivery list of open government information"),
    "form.list.caption": ("主动公开，共 {count} 条", "Proactive disclosure; items: {count}"),
    # The hand-over record
    "form.record.title": (
        "政府公开信息交接文据",
        "Hand-over record of open government information",
    ),
    "form.record.text": (
        "双方当面点清：信息 {count} 条，纸质 {paper} 份，电子 {electronic} 份，与送交目录表一致。",
        (
            "Counted by both sides: items: {count}, copies on paper: {paper}, electronic copies:"
            " {electronic}, as on the delivery list."
        ),
    ),
    "form.record.caption": (
        "内容摘要与系统中经批准的内容一一对应，可以核对。",
        "Each digest is that of the approved text in the system and can be checked.",
    ),
    "form.record.state": (
        "系统已登记签收 {received} 条，共 {count} 条。",
        "Receipts recorded: {received} of {count}.",
    ),
    # A month without deliveries
    "form.nil.title": ("政府公开信息送交零报告", "Nil return on open government information"),
    "form.nil.text": (
        "{month} 没有应向“{point}”送交的政府公开信息。",
        "In {month} there was no open government information to deliver to {point}.",
    ),
}
