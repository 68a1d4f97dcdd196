"""Sentences of the public site."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # Every page
    "site.skip": ("跳到正文", "Skip to the content"),
    "site.rehearsal": (
        "演练站点：本站内容仅供演练，不是真实发布的政府信息。",
        "Rehearsal: this site is an exercise. Nothing here is a real publication.",
    ),
    "site.sample": (
        "样例：本页为样例数据，不是真实发布的政府信息。",
        "样例 (sample): this page holds sample data and is not a real publication.",
    ),
    "site.sample_mark": ("样例", "样例 (sample)"),
    "site.navigation": ("主导航", "Main navigation"),
    "site.breadcrumb": ("当前位置", "You are here"),
    "site.map": ("网站地图", "Site map"),
    "site.id_code": ("网站标识码", "Site identification code"),
    "site.sponsor": ("主办单位", "Sponsor"),
    "site.contact": ("联系方式", "Contact"),
    "site.icp_number": ("网站备案号", "ICP number"),
    "site.police_record": ("公安备案号", "Public-security record"),
    "site.mark": ("党政机关网站标识", "Government-site mark"),
    "site.report_error": ("我为政府网站找错", "Report an error on this site"),
    "site.and": ("、", ", "),
    "site.colon": ("：", ": "),
    # Home page
    "site.home.title": ("首页", "Home"),
    "site.home.heading": ("政府信息公开", "Open government information"),
    "site.home.lead": (
        "每条信息都附有经批准的修订文件和它的摘要，任何人都可以核对；发布时间由系统记录。",
        (
            "Each item comes with the approved revision file and its digest, which anyone can"
            " check. The time of publication is set by the system."
        ),
    ),
    "site.home.latest": ("最新公开", "Latest"),
    "site.home.bodies": ("发布机构", "Publishing bodies"),
    "site.home.total": ("共公开 {count} 条信息。", "Items published: {count}."),
    "site.home.description": (
        "{site}公开的政府信息：最新信息，并按机构和月份查阅。",
        (
            "Government information published by {site}: the latest items, and indexes by body"
            " and by month."
        ),
    ),
    "site.home.keywords": (
        "政府信息公开,政务公开,公开目录",
        "open government information,disclosure,catalogue",
    ),
    "site.home.type": ("首页", "首页"),
    # Indexes
    "site.catalogue.name": ("信息公开目录", "Disclosure catalogue"),
    "site.catalogue.type": ("信息公开目录", "信息公开目录"),
    "site.catalogue.description": (
        "{site}主动公开的政府信息目录，可按机构和月份查阅。",
        "The catalogue of government information published by {site}, by body and by month.",
    ),
    "site.catalogue.keywords": (
        "政府信息公开,公开目录,索引号",
        "open government information,disclosure catalogue,index number",
    ),
    "site.bodies.title": ("按机构查阅", "By publishing body"),
    "site.months.title": ("按月份查阅", "By month"),
    "site.months.heading": ("各月公开的信息", "Months"),
    "site.latest": ("最新信息", "Latest items"),
    "site.month": ("{year}年{month}月", "{year}-{month:02}"),
    "site.month.title": ("{month}公开的信息", "Items published in {month}"),
    "site.month.of_body": ("{body}{month}公开的信息", "Items published by {body} in {month}"),
    "site.count": ("{count} 条", "{count}"),
    "site.empty": ("尚无公开的信息。", "Nothing has been published yet."),
    "site.pages": ("分页", "Pages"),
    "site.page": ("第 {number} 页", "Page {number}"),
    "site.newer": ("较新的信息", "Newer items"),
    "site.older": ("较早的信息", "Older items"),
    "site.removed_title": ("（内容已依法移除）", "(content removed)"),
    # The page of an item
    "site.item.box": ("目录信息", "Catalogue record"),
    "site.item.index_number": ("索引号", "Index number"),
    "site.item.theme": ("主题分类", "Theme"),
    "site.item.body": ("发布机构", "Publishing body"),
    "site.item.formed_on": ("生成日期", "Date of formation"),
    "site.item.document_number": ("文号", "Document number"),
    "site.item.title": ("名称", "Title"),
    "site.item.published_at": ("发布日期", "Published"),
    "site.item.validity": ("有效性", "Validity"),
    "site.item.category": ("公开事项", "Catalogue item"),
    "site.item.genre": ("体裁", "Genre"),
    "site.item.keywords": ("关键词", "Keywords"),
    "site.item.summary": ("内容概述", "Summary"),
    "site.item.effective_on": ("施行日期", "Effective from"),
    "site.item.expires_on": ("有效期至", "Valid until"),
    "site.item.none": ("无", "None"),
    "site.item.content": ("正文", "Text"),
    "site.item.table": ("表格", "Table"),
    "site.item.missing_image": ("［图片：{name}］", "[Picture: {name}]"),
    "site.item.missing_unnamed": ("［图片未显示］", "[Picture not shown]"),
    "site.formed_on_basis.signature": ("签发之日", "signature"),
    "site.formed_on_basis.last_countersignature": ("最后会签之日", "last countersignature"),
    "site.formed_on_basis.complete": ("内容齐备之日", "completion"),
    "site.formed_on_basis.final_draft": ("定稿之日", "final draft"),
    "site.in_brackets": ("{value}（{note}）", "{value} ({note})"),
    "site.validity.in_force": ("有效", "In force"),
    "site.validity.amended": ("已修改", "Amended"),
    "site.validity.repealed": ("已废止", "Repealed"),
    "site.validity.lapsed": ("已失效", "Lapsed"),
    "site.validity_mark.amended": (
        "本信息所载文件已被修改，请以修改后的文本为准。",
        "This document has been amended; the amended text applies.",
    ),
    "site.validity_mark.repealed": (
        "本信息所载文件已废止，不再作为行政管理的依据。",
        "This document has been repealed and no longer has effect.",
    ),
    "site.validity_mark.lapsed": (
        "本信息所载文件已失效，不再作为行政管理的依据。",
        "This document has lapsed and no longer has effect.",
    ),
    "site.validity_since": ("自 {day} 起。", "Since {day}."),
    "site.validity_basis": ("依据", "Basis"),
    "site.validity_not_yet": ("尚未施行", "Not yet in force"),
    "site.validity_not_before": ("自 {day} 起施行。", "It takes effect on {day}."),
    "site.validity_ahead": ("自 {day} 起：{status}", "From {day}: {status}"),
    "site.validity_history": ("有效性变更", "Changes of validity"),
    "site.validity_recorded": ("（{day} 登记）", "(recorded on {day})"),
    "site.item.replaces": ("取代的文件，索引号", "Replaces"),
    "site.item.replaced_by": ("取代本文件的文件，索引号", "Replaced by"),
    "site.comma": ("，", ", "),
    "site.attachments.title": ("附件", "Attachments"),
    "site.attachments.purged": ("该附件已依法移除。", "This attachment was removed by law."),
    "site.attachments.bytes": ("{count:,} 字节", "{count:,} bytes"),
    "site.check.title": ("核对", "Verification"),
    "site.check.digest": (
        "经批准的修订文件的 SHA-256 摘要",
        "SHA-256 digest of the approved revision file",
    ),
    "site.check.revision": ("下载修订文件", "Download the revision file"),
    "site.check.how": ("如何核对", "How to check"),
    # The page of an item whose content was removed
    "site.removed.title": ("该信息的内容已依法移除", "The content of this item was removed"),
    "site.removed.lead": (
        "本信息曾在此公开，其内容现已依法移除，不再提供。索引号保留，不再用于其他信息。",
        (
            "This item was published here. Its content has been removed and is no longer"
            " available. Its index number is kept and never used for anything else."
        ),
    ),
    "site.removed.on": ("移除日期", "Removed"),
    "site.removed.ground": ("移除依据", "Ground"),
    # What was taken back, and the register of it
    "site.standing.retracted": ("已撤下", "retracted"),
    "site.standing.superseded": ("已有更正版", "corrected since"),
    "site.words_removed": ("（说明已依法移除）", "(explanation removed)"),
    "site.review.owed": ("紧急发布，补审中", "published urgently, review pending"),
    "site.review.lead": (
        "本信息因情况紧急，在全部审核办结之前公开，其余审核正在补办。",
        (
            "Because it was urgent, this was published before its whole review was done; what is"
            " missing is made up for afterwards."
        ),
    ),
    "site.retracted.title": ("本信息已撤下", "This item was retracted"),
    "site.retracted.lead": (
        "其内容不再提供。索引号保留，不再用于其他信息。",
        (
            "Its content is no longer available here. Its index number is kept and never used for"
            " anything else."
        ),
    ),
    "site.retracted.on": ("撤下日期", "Retracted"),
    "site.retracted.explanation": ("撤下说明", "Explanation"),
    "site.retracted.register": ("登记", "Register"),
    "site.register.title": ("更正与撤下登记", "Corrections and retractions"),
    "site.register.of_month": (
        "{month}更正与撤下登记",
        "Corrections and retractions in {month}",
    ),
    "site.register.lead": (
        "已公开的信息经更正、撤下或者恢复的，都登记在这里，并附说明。",
        "Everything published here that was corrected, retracted or restored, and why.",
    ),
    "site.register.empty": (
        "尚无更正或者撤下的信息。",
        "Nothing has been corrected or retracted yet.",
    ),
    "site.register.retraction": ("撤下", "Retracted"),
    "site.register.correction": ("更正", "Corrected"),
    "site.edition.corrected": ("本信息已有更正版", "This item was corrected since"),
    "site.edition.see_new": ("请以更正版为准，索引号", "The corrected edition applies"),
    "site.edition.number": ("第 {number} 版（更正版）", "Edition {number} (corrected)"),
    "site.edition.takes_place": ("取代原版，索引号", "It takes the place of"),
    "site.edition.since": ("（{day} 公开）", " (published {day})"),
    "site.edition.note": ("更正说明", "What changed"),
    "site.register.restoration": ("恢复", "Restored"),
    "site.register.amended": ("（说明于 {day} 修改）", "(explanation amended on {day})"),
    # Not found
    "site.not_found.title": ("页面不存在", "Page not found"),
    "site.not_found.lead": (
        "您访问的页面不存在。公开的信息可以按机构或月份查阅。",
        "There is no such page. What is published can be found by body or by month.",
    ),
    # How to check
    "site.how_to_check.title": ("如何核对公开的信息", "How to check what is published"),
    "site.how_to_check.lead": (
        (
            "任何人都可以自己核对：这里公开的，是不是当初批准的内容。所用工具操作系统自带，不需要"
            "安装软件，也不需要登录。"
        ),
        (
            "Anyone can check whether what is published here is what was approved. The tools come"
            " with your operating system; nothing needs to be installed and no login is needed."
        ),
    ),
    "site.how_to_check.digest.title": ("什么是摘要", "What the digest is"),
    "site.how_to_check.digest.text": (
        (
            "每条信息都有一份“修订文件”，记载所批准的全部内容。由该文件可以算出一个由 64 个字符组"
            "成的 SHA-256 摘要，如同文件的指纹：文件改动一个字，摘要就完全不同。每一个审批环节的"
            "决定都针对这个摘要作出；内容一经改动，原来的决定即不再适用。"
        ),
        (
            "Each item has a revision file that holds everything that was approved. From that"
            " file a SHA-256 digest of 64 characters can be computed, much like a fingerprint: if"
            " one character of the file changes, the digest is entirely different. Every decision"
            " on the way to publication was made on this digest; once the content changes, those"
            " decisions no longer apply."
        ),
    ),
    "site.how_to_check.file.title": ("修订文件里有什么", "What the revision file holds"),
    "site.how_to_check.file.text": (
        (
            "修订文件 revision.json 是 UTF-8 编码的 JSON 文本，用任何文本编辑器都能打开。其中有名"
            "称、正文、内容概述、文号、生成日期及其依据、公开事项、关键词、发布机构、索引号，以及"
            "每个附件的名称、类型、大小和 SHA-256 摘要。网页上的正文由它排版而成：出于安全，网页"
            "不显示脚本和外部图片，也不保留样式；修订文件则一字不差。"
        ),
        (
            "The revision file, revision.json, is JSON text in UTF-8 that any text editor opens."
            " It holds the title, the body, the summary, the document number, the date of"
            " formation and its basis, the catalogue item, the keywords, the publishing body, the"
            " index number, and for each attachment its name, type, size and SHA-256 digest. The"
            " page is typeset from it: for safety a page shows no scripts, no pictures from"
            " elsewhere and no styling; the revision file has every character."
        ),
    ),
    "site.how_to_check.file.outside": (
        "发布时间和有效性不在修订文件中：前者在发布时由系统记录，后者可能在发布之后变化。",
        (
            "The time of publication and the validity are not in the revision file: the system"
            " records the one when publishing, and the other may change afterwards."
        ),
    ),
    "site.how_to_check.steps.title": ("核对步骤", "How to do it"),
    "site.how_to_check.steps.download": (
        "在信息页面的“核对”一栏下载修订文件，不要打开后再另存，以免编辑器改动其中的字符。",
        (
            "On the page of the item, under “Verification”, download the revision file. Do not"
            " open it and save it again: an editor may change characters in it."
        ),
    ),
    "site.how_to_check.steps.compute": (
        "在文件所在的文件夹打开命令行，按您的操作系统输入下面的一条命令：",
        "Open a command line in the folder where the file is and type the command for your system:",
    ),
    "site.how_to_check.steps.compare": (
        "把算出的 64 个字符与页面上的摘要比较（不论大小写）。二者应完全一致。",
        (
            "Compare the 64 characters with the digest on the page (upper or lower case does not"
            " matter). They must be the same."
        ),
    ),
    "site.how_to_check.steps.attachments": (
        "附件用同样的方法核对：算出的摘要应与页面上和修订文件中的一致。",
        (
            "Check attachments in the same way: the digest must be the one on the page and in the"
            " revision file."
        ),
    ),
    "site.how_to_check.limits.title": ("能说明什么，不能说明什么", "What this shows and what not"),
    "site.how_to_check.limits.text": (
        (
            "摘要一致，说明您手中的文件与页面上所示的摘要相符。如果有人同时篡改了页面和文件，仅凭"
            "本站无法发现；请与另一来源的摘要比较，例如公共查阅点的纸质文本，或者向主办单位查询审"
            "批记录中的摘要。"
        ),
        (
            "If the digests agree, the file in your hands belongs to the digest shown on the"
            " page. If somebody had altered both page and file, this site alone could not show"
            " it: compare with a digest from another source, such as the paper copy at a public"
            " reading point, or ask the sponsor for the digest in the record of approval."
        ),
    ),
    "site.how_to_check.limits.mismatch": (
        "如果不一致，请重新下载后再核对一次；仍不一致的，请告知主办单位。",
        (
            "If they differ, download the file again and repeat the check; if they still differ,"
            " please tell the sponsor."
        ),
    ),
}
