"""What the command line says around an answer: headings, remarks, its own errors, click's words."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # Everywhere
    "cli.no": ("✗ ", "✗ "),
    "cli.failed": ("✗ {message}", "✗ {message}"),
    "cli.joint": ("；", "; "),
    "cli.yes": ("是", "yes"),
    "cli.in_brackets": ("{value}（{note}）", "{value} ({note})"),
    "cli.at_stage": ("{state}（{stage}）", "{state} ({stage})"),
    "cli.rehearsal": (
        "演练库：以下内容仅供演练，不是真实的政府信息公开工作。",
        "Rehearsal: what follows is an exercise and no real work.",
    ),
    "cli.dry_run": ("试运行，未作任何改动", "dry run, nothing was changed"),
    "cli.would": (
        "试运行，未作任何改动；届时：{said}",
        "dry run, nothing was changed; it would be: {said}",
    ),
    "cli.repeated": ("此前已办理，未重复办理", "done before, not done again"),
    "cli.voided": ("已失效的决定：{stages}", "decisions voided: {stages}"),
    "cli.moved_on": (
        "信息 {item} 现在是版本 {version}，以下是现在的内容。",
        "Item {item} is at version {version} now; this is how it is now.",
    ),
    "cli.sighting_lost": (
        "数据库现在只能读：没有记下您已看过，办理时请写明版本。",
        (
            "The database can only be read now: that you saw this was not noted, so name the"
            " version"
            " when you act."
        ),
    ),
    "cli.go_on": ("您依据 {at} 办理，确认吗？", "You act on {at}. Go on?"),
    "cli.interrupted": ("已中断。", "Interrupted."),
    "cli.bug": (
        (
            "程序出错（{kind}），本次操作没有生效。请加上 --debug 再运行一次，把输出的内容告诉维"
            "护人员。"
        ),
        (
            "The program has a bug ({kind}); nothing was done. Run it again with --debug and"
            " tell the"
            " maintainers what it prints."
        ),
    ),
    "cli.no_command": ("没有写明命令。", "No command was given."),
    "cli.output_unwritable": (
        "结果写不出去（{problem}）。操作本身可能已经完成，请用 `gongkai history` 核对。",
        (
            "The answer could not be written ({problem}). What was asked for may have been"
            " done; check"
            " with `gongkai history`."
        ),
    ),
    "cli.try_help": ("用法见 `{command} --help`。", "See `{command} --help`."),
    # Calendars and clocks
    "cli.calendar.no_clock": (
        "{start} 没有法定期限",
        "{start} no legal clock",
    ),
    "cli.calendar.shipped": ("随附的日历", "the one that ships"),
    "cli.calendar.version": ("版本 {number}", "version {number}"),
    "cli.calendar.named": (
        "工作日历：{name}（{digest}），通知覆盖至 {horizon}",
        "Calendar: {name} ({digest}), covered by notices to {horizon}",
    ),
    "cli.calendar.working_days": ("工作日 {count} 天", "{count} working days"),
    "cli.calendar.number_unread": ("（文号未查到）", "(number not read)"),
    "cli.calendar.works": ("上班", "work"),
    "cli.calendar.off": ("放假", "off"),
    "cli.calendar.year_provisional": (
        "{year} 年的放假通知尚未录入，日期按法定节日暂计。",
        "No notice for {year} is known yet; its days are computed from the statutory festivals.",
    ),
    "cli.calendar.missing": (
        "{year} 年的放假通知还没有录入。通知发布后请运行 `gongkai calendar apply`。",
        (
            "The notice for {year} is missing. Once it is out, an administrator runs"
            " `gongkai calendar apply`."
        ),
    ),
    "cli.calendar.provisional": (
        "暂计期限（日期超出通知覆盖范围）：{count} 个",
        "Open deadlines that are provisional: {count}",
    ),
    "cli.calendar.unnumbered": (
        "{year} 年通知的文号未查到⟦：{title}⟧",
        "The number of the notice for {year} was not read⟦: {title}⟧",
    ),
    "cli.calendar.sound": ("日历可用。", "The calendar is fit for use."),
    "cli.calendar.heading.number": ("版本", "Version"),
    "cli.calendar.heading.at": ("启用时间", "Since"),
    "cli.calendar.heading.by": ("办理人", "By"),
    "cli.calendar.heading.source": ("来源", "Source"),
    "cli.calendar.heading.reason": ("说明", "Reason"),
    "cli.calendar.same": (
        "没有任何日期不同，仍用版本 {number}。",
        "No day differs; version {number} stays in force.",
    ),
    "cli.calendar.would": (
        "将启用版本 {number}：日期变动 {days} 天，期限变动 {moved} 个。",
        "Would become version {number}. Days that change: {days}; deadlines that move: {moved}.",
    ),
    "cli.calendar.applied": (
        "已启用版本 {number}：日期变动 {days} 天，期限变动 {moved} 个。",
        "Version {number} is in force. Days changed: {days}; deadlines moved: {moved}.",
    ),
    "cli.calendar.with_yes": ("加上 --yes 才会改动。", "Add --yes to do it."),
    "cli.calendar.withdrawn": ("撤销误报的逾期", "a false overdue was withdrawn"),
    "cli.calendar.more": ("……另有 {count} 个", "… and {count} more"),
    "cli.clock.paused": ("信息 {item} 的“{clock}”期限已暂停。", "Item {item}: {clock} rests."),
    "cli.clock.runs": ("信息 {item} 的“{clock}”期限正在计算。", "Item {item}: {clock} runs."),
    "cli.revise.owed": ("退回待修改", "returned, to be revised"),
    "cli.late_reason.owed": ("待说明逾期原因", "owes the reason why it was late"),
    "cli.confirm_retraction.owed": ("待确认撤下", "a retraction to be confirmed"),
    "cli.confirm_restoration.owed": ("待确认恢复", "a restoration to be confirmed"),
    "cli.confirm_validity.owed": ("待确认有效性", "another validity to be confirmed"),
    "cli.asked.validity": (
        "已提出变更有效性，尚未公布；请发布员运行 `gongkai confirm-validity {at}`",
        "not public yet; a publisher confirms it with `gongkai confirm-validity {at}`",
    ),
    "cli.confirm_urgent_publication.owed": (
        "待确认紧急发布",
        "an urgent publication to be confirmed",
    ),
    "cli.call_off_urgent_publication.owed": (
        "紧急发布已无人可以确认，待撤回申请",
        "an urgent publication that nobody can confirm, to be called off",
    ),
    "cli.review.made_up": ("补审已全部办结", "its review was made up for"),
    "cli.review.owed": (
        "紧急发布，待补审：{stage}",
        "published urgently, still to be reviewed: {stage}",
    ),
    "cli.asked.urgent_publication": (
        "已提出紧急发布；请另一人运行 `gongkai confirm-urgent-publication {at}`",
        "asked for; the second person confirms it with `gongkai confirm-urgent-publication {at}`",
    ),
    "cli.asked.retraction": (
        "已提出撤下，仍然公开；请终审员运行 `gongkai confirm-retraction {at}`",
        "still public; a final reviewer confirms it with `gongkai confirm-retraction {at}`",
    ),
    "cli.asked.restoration": (
        "已提出恢复；请终审员运行 `gongkai confirm-restoration {at}`",
        "still retracted; a final reviewer confirms it with `gongkai confirm-restoration {at}`",
    ),
    "cli.correct.opened": (
        (
            "已建立第 {edition} 版草稿，请用 `gongkai revise {item}` 修改后提交；"
            "原版（{corrects}）仍然公开"
        ),
        (
            "edition {edition} entered as a draft: change it with `gongkai revise {item}` and"
            " submit it; the old one ({corrects}) stays public"
        ),
    ),
    "cli.urged": ("已催办", "urged"),
    "cli.late_reason.noted": (
        "已记下信息 {item} 逾期（{due}）公开的原因。",
        "Noted why item {item} came after its last day, {due}.",
    ),
    "cli.publish.scheduled": ("定于 {at} 公开", "to be published at {at}"),
    "cli.sweep.held": ("暂缓公开：{problem}", "held back: {problem}"),
    "cli.policy.over_budget": (
        "提醒：各环节时限合计超过“{rule}”的 {amount} 天，超出 {days} 个工作日。",
        (
            "Warning: the desks' budgets together exceed the {amount} days of {rule} by"
            " {days} working days."
        ),
    ),
    "cli.policy.outcome.carried_over": (
        "转入新流程，位置不变",
        "goes over where it is",
    ),
    "cli.policy.outcome.moves": (
        "转入新流程，改到还欠的环节",
        "goes over, to the stage that it owes",
    ),
    "cli.policy.outcome.needs_migration": (
        "所在环节已不存在，须转入",
        "its stage is no more: needs migration",
    ),
    "cli.policy.outcome.waits": (
        "等外部事项了结后再转入",
        "goes over when what is under way outside has ended",
    ),
    "cli.policy.outcome.stays": (
        "仍按原流程办理",
        "stays with its own policy",
    ),
    "cli.policy.row.item": ("编号", "Item"),
    "cli.policy.row.place": ("现在位置", "Where it is"),
    "cli.policy.row.policy": ("现行流程", "Its policy"),
    "cli.policy.row.outcome": ("结果", "Outcome"),
    "cli.policy.row.there": ("转到", "Goes to"),
    "cli.policy.row.keeps": ("仍然有效的决定：", "Decisions that count:"),
    "cli.policy.row.voids": ("失效的决定：", "Decisions that are void:"),
    "cli.policy.row.owes": ("还须经过：", "Still to hold:"),
    "cli.policy.row.schedule": ("定时公开：", "Schedule:"),
    "cli.policy.row.clocks": ("期限：", "Clocks:"),
    "cli.policy.schedule_dropped": ("取消", "dropped"),
    "cli.policy.clock.opened": ("{clock}新设，至 {due}", "{clock} opens, due {due}"),
    "cli.policy.clock.moved": ("{clock}改至 {due}", "{clock} moves to {due}"),
    "cli.policy.clock.voided": ("{clock}撤销（原至 {due}）", "{clock} is void (was due {due})"),
    "cli.policy.planning": ("核对在办信息", "Looking at what is under way"),
    "cli.policy.applying": ("转入新流程", "Carrying over"),
    "cli.policy.more": (
        "只列出 {shown} 件，共 {count} 件；--all 全部列出，--output 写入文件。",
        "{shown} of {count} are listed; --all lists them all, --output writes them to a file.",
    ),
    "cli.policy.nothing_changes": (
        "{code}（第 {version} 版）已在使用，没有需要改动的。",
        "{code} (version {version}) is in use already; nothing changes.",
    ),
    "cli.policy.apply_it": (
        "按此办理：gongkai policy apply {policy} --plan {plan} --reason …",
        "To do just this: gongkai policy apply {policy} --plan {plan} --reason …",
    ),
    "cli.policy.would_apply": (
        "将启用 {code}（第 {version} 版），涉及在办信息 {count} 件。",
        "Would use {code} (version {version}); {count} items are concerned.",
    ),
    "cli.policy.applied": (
        "已启用 {code}（第 {version} 版），涉及在办信息 {count} 件。",
        "{code} (version {version}) is in use; {count} items were concerned.",
    ),
    "cli.error.unit_needs_days": (
        "--unit 只与 --days 一起使用：法定期限的单位由规则规定。",
        "--unit goes with --days only: the units of the legal clocks are their rules'.",
    ),
    "cli.error.reason_of_clock_only": (
        "--reason 只与 --accept-clock 一起使用。",
        "--reason goes with --accept-clock only.",
    ),
    "cli.error.no_dates": ("没有给出任何日期。", "No date was named."),
    "cli.error.file_or_shipped": (
        "请写明一个日历文件，或者用 --shipped 采用随附的日历，二者选一。",
        "Name a calendar file, or take the shipped one with --shipped: one of the two.",
    ),
    "cli.error.shipped_or_number": (
        "--shipped 和 --number 只能用一个。",
        "Use --shipped or --number, not both.",
    ),
    # Help
    "cli.usage.options": ("[选项]", "[OPTIONS]"),
    "cli.usage.command": ("命令 [参数]…", "COMMAND [ARGS]..."),
    "cli.help.arguments": ("参数", "Arguments"),
    "cli.help.options": ("选项", "Options"),
    "cli.help.commands": ("命令", "Commands"),
    "cli.help.everywhere": ("通用选项", "Options of every command"),
    "cli.audience.newcomer": ("初次使用（不需要登录）", "Newcomers, without a login"),
    "cli.audience.everyone": ("所有人", "Everyone"),
    "cli.audience.boards": ("时限", "Due dates"),
    "cli.audience.reports": ("统计报表", "Reports"),
    "cli.audience.alerts": ("提醒与联系方式", "Alerts and addresses"),
    "cli.audience.clerk": ("信息员", "Clerks"),
    "cli.audience.bulk": ("成批办理", "Many at once"),
    "cli.audience.reviewers": (
        "部门领导、印章管理员、保密审查员、终审员",
        "Heads, seal keepers and reviewers",
    ),
    "cli.audience.publisher": ("发布员", "Publishers"),
    "cli.audience.afterwards": ("公开之后：更正、撤下、恢复", "After publication"),
    "cli.audience.coordination": (
        "发布协调：征求其他机关意见",
        "Release coordination: consulting other bodies",
    ),
    "cli.audience.reading_points": ("公共查阅点的送交和签收", "Delivering to reading points"),
    "cli.audience.timekeeping": ("日历与期限", "Calendars and clocks"),
    "cli.audience.administrator": ("管理员", "Administrators"),
    "cli.audience.deputies": ("代理与豁免", "Deputies and waivers"),
    "cli.audience.auditor": ("审计员", "Auditors"),
    # Alerts and addresses
    "cli.alerts.empty": ("没有未确认的提醒。", "Nothing is left to acknowledge."),
    "cli.alerts.alert": ("编号", "alert"),
    "cli.alerts.urgency": ("类别", "why"),
    "cli.alerts.item": ("信息", "item"),
    "cli.alerts.says": ("内容", "what"),
    "cli.alerts.raised": ("提醒时间", "raised"),
    "cli.alerts.recipient": ("收件人", "recipient"),
    "cli.alerts.urgency.overdue": ("已逾期", "overdue"),
    "cli.alerts.urgency.due_today": ("今日到期", "due today"),
    "cli.alerts.urgency.due_soon": ("即将到期", "due soon"),
    "cli.alerts.urgency.corrected": ("更正", "corrected"),
    "cli.alerts.urgency.notice": ("通知", "notice"),
    "cli.alerts.urgency.operations": ("运行告警", "fault"),
    "cli.alerts.acknowledged": (
        "已确认 {count} 条提醒，此前已确认 {before} 条。",
        "Acknowledged: {count}; before: {before}.",
    ),
    "cli.alerts.snoozed": (
        "信息 {item} 的到期提醒（{clocks}）暂缓到 {until}（含当日）；逾期后的提醒不受影响。",
        (
            "Reminders about item {item} ({clocks}) wait until {until} is over;"
            " what is overdue does not wait."
        ),
    ),
    "cli.contact.none": (
        "没有登记任何联系方式，收不到提醒。请用 gongkai contact set 登记。",
        "No address is known, so nothing arrives: gongkai contact set.",
    ),
    "cli.contact.channel": ("通道", "channel"),
    "cli.contact.address": ("地址", "address"),
    "cli.contact.since": ("登记时间", "since"),
    "cli.contact.set": ("已登记{channel}：{address}", "Set: {channel}, {address}"),
    "cli.contact.removed": ("已删除{channel}的地址。", "Removed: {channel}"),
    "cli.contact.tested": (
        "已向{channel} {address} 发出测试消息，请查收。",
        "A test message was sent by {channel} to {address}: look whether it has arrived.",
    ),
    "cli.contact.notices_at_once": ("通知随时发送。", "Notices are sent at once."),
    "cli.contact.notices_daily": (
        "通知每个工作日发送一次；到期和逾期提醒不受影响。",
        "Notices are sent once a working day; what is due or overdue does not wait.",
    ),
    "cli.contact.language_zh": (
        "发给 {name} 的消息用中文。",
        "Messages to {name} are in Chinese.",
    ),
    "cli.contact.language_en": (
        "发给 {name} 的消息用英文。",
        "Messages to {name} are in English.",
    ),
    # Errors of the command line itself
    "cli.error.alerts_or_item": (
        "请写明提醒的编号，或者用 --item 指明信息，二者选一。",
        "Name alerts by their numbers, or an item with --item, and not both.",
    ),
    "cli.error.user_or_body": (
        "请指明一个人或者一个机构，不能同时指明。",
        "Name a person or a body, and not both.",
    ),
    "cli.error.argument_not_text": (
        "参数“{value}”不是本系统编码下的文字。请先改名，或者用 - 从标准输入读取。",
        (
            'The argument "{value}" is no text in the encoding of this system. Rename the'
            " file, or use"
            " - to read standard input."
        ),
    ),
    "cli.error.password_needs_terminal": (
        "这里不能输入密码。请用 --password-stdin 从标准输入读取。",
        "A password cannot be asked for here. Use --password-stdin to read it from standard input.",
    ),
    "cli.error.password_lines": (
        "标准输入中应有 {count} 行密码，每行一个。",
        "Standard input has to hold passwords, one a line; lines wanted: {count}.",
    ),
    "cli.error.logins_unwritable": (
        "不能保存登录：“{path}”（{problem}）。可以改用 --print-token 和 GONGKAI_TOKEN。",
        (
            'The login could not be saved: "{path}" ({problem}). --print-token and GONGKAI_TOKEN do'
            " without."
        ),
    ),
    "cli.error.list_too_long": (
        "标准输入中的信息超过 {limit} 条。请分几次办理。",
        "Standard input names more than {limit} items. Do it in several runs.",
    ),
    "cli.error.no_items": ("没有写明要办理的信息。", "No item was named."),
    "cli.error.one_item_only": (
        "一次只能修改一条信息，不能用 - 读取清单。",
        "Only one item can be changed at a time; - for a list is not possible here.",
    ),
    "cli.error.items_or_list": (
        "请写明签收的信息，或者用 --list 写明目录表编号，二者选一。",
        "Name the items that are received, or a delivery list with --list; one of the two.",
    ),
    "cli.error.html_needs_list": (
        "--html 须与 --list 一起使用。",
        "--html goes with --list.",
    ),
    "cli.error.form_unwritable": (
        (
            "无法写入“{path}”：{problem}。已办理的仍然有效；可用 `gongkai deliveries` --list"
            " {number} --html FILE 再次生成。"
        ),
        (
            'Cannot write "{path}": {problem}. What was done is done; `gongkai deliveries` --list'
            " {number} --html FILE writes the form again."
        ),
    ),
    "cli.error.seen_with_many": (
        "--seen 只能用于一条信息。办理多条时请写成 12@3 的样子。",
        "--seen goes with one item only. With several, write each like 12@3.",
    ),
    "cli.error.seen_twice": (
        "“{value}”已写明版本，不能再用 --seen。",
        '"{value}" names a version already; leave --seen out.',
    ),
    "cli.error.one_number": (
        "指定接办人（--to）时请给出一条信息的编号，例如 12。",
        "With --to give the number of one item, such as 12.",
    ),
    "cli.error.not_confirmed": ("没有确认，未作任何改动。", "Not confirmed; nothing was changed."),
    "cli.error.two_revisions": (
        "比较修订时，请写两个修订号，或者一个也不写。",
        "To compare revisions name two of them, or none.",
    ),
    "cli.error.no_such_revision": (
        "没有修订 {value}，或者您无权查看；最新的是修订 {known}。",
        "There is no revision {value}, or it is not yours to see; the newest one is {known}.",
    ),
    "cli.error.revision_purged": (
        "修订 {value} 的内容已清除，无法比较。",
        "The content of revision {value} was purged, so it cannot be compared.",
    ),
    "cli.error.reader_without_restricted": (
        "--reader 只能与 --restricted 一起使用。",
        "--reader goes with --restricted.",
    ),
    "cli.error.department_required": (
        "您是几个机构的信息员，请用 --department 写明：{known}。",
        "You are a clerk of several bodies; name one with --department: {known}.",
    ),
    "cli.error.nothing_to_change": (
        "没有写明要改什么。`gongkai revise --help` 列出可以修改的内容。",
        "Nothing to change was given. `gongkai revise --help` lists what can be changed.",
    ),
    "cli.error.format_unknown": (
        "从文件名“{path}”看不出正文格式（可识别：{known}）。请用 --format 写明。",
        (
            'The name "{path}" does not tell how the body is written (known endings:'
            " {known}). Say it"
            " with --format."
        ),
    ),
    "cli.error.body_encoding": (
        (
            "文件“{path}”不是 {encoding} 编码。较旧的中文文件多为 GB18030（GBK），请加上 --encoding"
            " gb18030，或者另存为 UTF-8。"
        ),
        (
            'The file "{path}" is not in {encoding}. Older Chinese files are mostly in'
            " GB18030 (GBK):"
            " add --encoding gb18030, or save it as UTF-8."
        ),
    ),
    "cli.error.import_needs_file": (
        "请写明要导入的文件；用 --template csv 可以先得到一份模板。",
        "Name the file to import; --template csv prints one to fill in.",
    ),
    "cli.error.import_empty": (
        "文件“{path}”里没有一行内容。请核对文件和工作表。",
        'There is no row in "{path}". Check the file and the sheet.',
    ),
    "cli.error.file_exists": (
        "文件“{path}”已经存在，不会覆盖。请换一个名字。",
        'The file "{path}" is there already and is not written over. Choose another name.',
    ),
    "cli.error.file_outside": (
        "“{path}”不在表格所在的文件夹里。附带的文件请放在表格旁边，或者它下面的文件夹里。",
        (
            '"{path}" does not lie beside the table. Put files that rows name into its folder or'
            " below."
        ),
    ),
    "cli.error.export_needs_file": (
        "请用 --output FILE 写明要写的文件。",
        "Say with --output FILE where to write it.",
    ),
    "cli.error.export_filter": (
        "这一清单不能用 {option} 筛选。",
        "This list cannot be narrowed by {option}.",
    ),
    "cli.error.not_a_file": ("“{path}”不是文件。", '"{path}" is no file.'),
    "cli.error.organisation_or_sample": (
        "请用 --organisation 写明机构文件，或者用 --sample 使用随附的样例机构，二者选一。",
        (
            "Name a file of bodies with --organisation, or take the sample ones with"
            " --sample; one of"
            " the two."
        ),
    ),
    "cli.error.file_unwritable": (
        "写不了文件 {path}：{problem}。",
        "Cannot write the file {path}: {problem}.",
    ),
    "cli.error.year_or_period": (
        "--year 与 --from、--to 不能同时使用。",
        "Give either --year or --from and --to, not both.",
    ),
    "cli.error.xlsx_needs_file": (
        "xlsx 不能显示在终端上，请用 --output FILE 写入文件。",
        "A workbook cannot be shown on a terminal: write it to a file with --output FILE.",
    ),
    "cli.error.directory_unwritable": (
        "不能在“{path}”建立文件（{problem}），没有留下任何东西。",
        'Nothing can be made in "{path}" ({problem}); nothing was left behind.',
    ),
    "cli.error.body_required": (
        "角色“{role}”可以授予几个机构，请用 --body 写明：{known}。",
        'The role "{role}" can be held for several bodies; name one with --body: {known}.',
    ),
    "cli.error.ground_needed": (
        "请用 --ground 写明清除的理由代码；确认他人的申请请用 --confirm。",
        (
            "Name the ground of the purge with --ground; to confirm what somebody else has"
            " asked, use"
            " --confirm."
        ),
    ),
    "cli.error.hold_or_release": (
        "--hold 和 --release 不能同时使用。",
        "Use --hold or --release, not both.",
    ),
    "cli.error.with_release_only": (
        "--skip 和 --send-doubtful 只用于 --release。",
        "--skip and --send-doubtful go with --release only.",
    ),
    "cli.error.confirm_alone": (
        "--confirm 只确认他人的申请，不能再写理由。",
        "--confirm confirms what somebody else has asked; leave --ground and --reason out.",
    ),
    "cli.error.site_elsewhere": (
        "这台机器上没有公开站点。请在有站点的机器上运行，或者设置 GONGKAI_SITE_DIRECTORY。",
        (
            "The public site is not on this machine. Run this where it is, or set"
            " GONGKAI_SITE_DIRECTORY."
        ),
    ),
    "cli.error.demo_foreign": (
        "目录“{path}”里有别的内容，没有作任何改动。请换一个空目录。",
        'The directory "{path}" holds something else and was left as it is. Choose an empty one.',
    ),
    "cli.error.demo_stopped": (
        "演示中断：`{command}` 的退出状态是 {ended}，应为 {expected}。",
        "The demonstration stopped: `{command}` ended with {ended} instead of {expected}.",
    ),
    # Signing in
    "cli.ask.password": ("密码", "Password"),
    "cli.ask.old_password": ("旧密码", "Old password"),
    "cli.ask.new_password": ("新密码", "New password"),
    "cli.login.done": (
        "已登录：{display_name}（{name}），有效至 {until}。",
        "Signed in as {display_name} ({name}) until {until}.",
    ),
    "cli.login.must_change": (
        "现在用的是一次性密码，须先改密码：`gongkai password`。",
        "This is a one-time password. Change it before anything else: `gongkai password`.",
    ),
    "cli.login.must_change_now": (
        "这是一次性密码，请现在设定自己的密码（至少 10 个字符）。",
        "This is a one-time password. Choose your own now (10 characters or more).",
    ),
    "cli.login.token_wins": (
        "注意：已设置 GONGKAI_TOKEN，它优先于保存的登录。",
        "Note: GONGKAI_TOKEN is set and comes before the saved login.",
    ),
    "cli.logout.done": ("已退出登录。", "Signed out."),
    "cli.logout.was_over": ("这次登录早已结束。", "This login was over already."),
    "cli.whoami.no_roles": (
        "您还没有任何角色。需要时请管理员授予。",
        "You hold no role yet. The administrator can grant one.",
    ),
    "cli.whoami.until": ("登录有效至 {until}。", "Signed in until {until}."),
    "cli.password.done": (
        "密码已修改，先前的登录已全部结束，您现在重新登录了。",
        "Password changed. All earlier logins are over, and you are signed in anew.",
    ),
    "cli.password.done_token_over": (
        "密码已修改，登录已全部结束，GONGKAI_TOKEN 也已失效。请重新登录。",
        "Password changed. All logins are over, that of GONGKAI_TOKEN too. Sign in again.",
    ),
    # Import and export
    "cli.import.progress": ("导入", "Importing"),
    "cli.import.row": ("第 {row} 行", "Row {row}"),
    "cli.import.more_failed": (
        "另有 {count} 行未导入，不再逐行列出。",
        "Rows refused that are not listed here: {count}",
    ),
    "cli.import.done": (
        "已导入 {done} 行，未导入 {failed} 行。",
        "Rows entered: {done}; refused: {failed}",
    ),
    "cli.import.would": (
        "试运行：可以导入 {done} 行，不能导入 {failed} 行；没有作任何改动。",
        "A dry run: rows that would be entered: {done}; refused: {failed}; nothing was changed.",
    ),
    "cli.import.repeated": (
        "其中 {count} 行以前已用同一标识导入，没有再建。",
        "Rows entered before with the same key, and not once more: {count}",
    ),
    "cli.import.rejected": (
        "未导入的各行和原因在 {path}；改好之后可以直接导入这个文件。",
        "The refused rows are in {path}, each with its reason; mend them there and import that.",
    ),
    "cli.import.template": ("模板已写入 {path}。", "The template is in {path}."),
    "cli.import.example.title": (
        "样例：某项救助标准的公告（导入前请删除这一行）",
        "Sample: notice of a standard of relief (delete this row before you import)",
    ),
    "cli.import.example.body": ("样例正文。", "Sample text."),
    "cli.import.example.category": ("annual_report", "annual_report"),
    "cli.import.example.formed_on": ("2017-01-10", "2017-01-10"),
    "cli.import.example.attribute": ("主动公开", "proactive disclosure"),
    "cli.import.example.keywords": ("样例；救助", "sample; relief"),
    "cli.export.progress": ("导出", "Exporting"),
    "cli.export.done": ("已导出 {count} 行：{path}", "Rows written: {count}, to {path}"),
    "cli.export.body_code": ("机构代码", "Body's code"),
    "cli.export.yes": ("是", "yes"),
    # Lists
    "cli.inbox.empty": ("没有等您办理的信息。", "Nothing waits on you."),
    "cli.list.empty": ("没有符合条件的信息。", "No items."),
    "cli.search.empty": ("没有找到您可以查看的信息。", "Nothing found that you may see."),
    "cli.list.at": ("信息@版本", "Item@version"),
    "cli.list.place": ("状态", "State"),
    "cli.list.title": ("标题", "Title"),
    "cli.list.body": ("机构", "Body"),
    "cli.list.formed": ("生成日期", "Formed on"),
    "cli.list.restricted": ("〔限定范围〕{title}", "[restricted] {title}"),
    "cli.list.all": ("共 {total} 条", "Items: {total}"),
    "cli.list.some": (
        "共 {total} 条，列出 {shown} 条；全部列出请用 --all",
        "Items: {shown} of {total}; --all lists them all",
    ),
    "cli.list.more_than": (
        "共 {total} 条以上，列出 {shown} 条",
        "Items: {shown} of more than {total}",
    ),
    # Clocks
    "cli.clock.title": ("法定时限", "Legal clocks"),
    "cli.clock.none": ("这条信息没有计时。", "No clock runs on this item."),
    "cli.clock.clock_heading": ("时限", "Clock"),
    "cli.clock.online_heading": ("上网期限", "Online by"),
    "cli.clock.due_heading": ("截止日", "Last day"),
    "cli.clock.left_heading": ("剩余", "Left"),
    "cli.clock.desk_heading": ("所在环节", "Held by"),
    "cli.clock.stage_left_heading": ("环节剩余", "Left there"),
    "cli.clock.number_heading": ("第几天", "No."),
    "cli.clock.day_heading": ("日期", "Day"),
    "cli.clock.why_heading": ("原因", "Why"),
    "cli.clock.notice_heading": ("依据", "By"),
    "cli.clock.left": ("{days} 个工作日", "{days} working days"),
    "cli.clock.left_one": ("{days} 个工作日", "{days} working day"),
    "cli.clock.late": ("已逾期 {days} 个工作日", "late by {days} working days"),
    "cli.clock.late_one": ("已逾期 {days} 个工作日", "late by {days} working day"),
    "cli.clock.late_none": ("已逾期", "late"),
    "cli.clock.will_miss": ("{left}，按现进度将逾期", "{left}, will miss at this pace"),
    "cli.clock.provisional": ("{day}（暂定）", "{day} (provisional)"),
    "cli.clock.weekdays": ("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun"),
    "cli.clock.running": ("截止 {due}，{left}", "last day {due}, {left}"),
    "cli.clock.met": ("{state}：{on}（截止 {due}）", "{state} on {on} (last day {due})"),
    "cli.clock.voided": ("{state}：{at}，因{why}", "{state} on {at}: {why}"),
    "cli.clock.moved": (
        "截止日改动：{old} → {new}（{at}，{why}）",
        "moved: {old} → {new} ({at}, {why})",
    ),
    "cli.clock.withdrew": (
        "截止日改动：{old} → {new}（{at}，{why}），原判逾期撤回",
        "moved: {old} → {new} ({at}, {why}); it had not been overdue",
    ),
    "cli.clock.pause": (
        "中止计算：{first} 至 {last}（{reason}）",
        "paused: {first} to {last} ({reason})",
    ),
    "cli.clock.late_reason": ("逾期原因：{reason}", "why late: {reason}"),
    "cli.clock.desk_by": (
        "“{desk}”环节最迟 {due} 办结（{left}）",
        '"{desk}" is to be done by {due} ({left})',
    ),
    "cli.clock.by": ("{clock}：截止 {due}（{left}）", "{clock}: last day {due} ({left})"),
    "cli.clock.rule": ("期限 {amount} 个{unit}。{basis}", "{amount} {unit}. {basis}"),
    "cli.clock.start": (
        "第 0 天：{day} {weekday}，信息生成之日（{basis}），不计入。",
        "Day 0, which is not counted: {day} {weekday}, when it was formed ({basis}).",
    ),
    "cli.clock.start_corrected": (
        "第 0 天：{day} {weekday}，更正后的生成之日（{basis}），不计入。",
        "Day 0, which is not counted: {day} {weekday}, the corrected day of formation ({basis}).",
    ),
    "cli.clock.calendar": (
        "工作日历第 {number} 版（{digest}），已有通知至 {horizon}，其后为暂定。",
        "Calendar version {number} ({digest}); noticed to {horizon}, provisional after that.",
    ),
    "cli.clock.moves_on": ("末日逢休息日，顺延", "the last day is a rest day and moves on"),
    "cli.clock.unnumbered": ("（文号未核到）", "(number not read)"),
    "cli.due.empty": (
        "您负责的信息近期没有到期的时限。",
        "Nothing that you work on ends soon.",
    ),
    "cli.due.late": (
        "另有 {count} 项已逾期：`gongkai overdue`",
        "Overdue besides: {count}; see `gongkai overdue`",
    ),
    "cli.due.many_late": (
        "另有 {count} 项以上已逾期：`gongkai overdue`",
        "Overdue besides: more than {count}; see `gongkai overdue`",
    ),
    "cli.overdue.empty": ("您负责的信息没有逾期。", "Nothing that you work on is overdue."),
    "cli.feed.name": ("政府信息公开时限", "Disclosure due dates"),
    "cli.feed.summary": ("{clock}截止：{number}", "Last day, {clock}: {number}"),
    "cli.feed.provisional": (
        "{clock}截止（暂定）：{number}",
        "Last day (provisional), {clock}: {number}",
    ),
    "cli.feed.description": (
        "{body}；现在环节：{desk}。{basis}",
        "{body}; held by: {desk}. {basis}",
    ),
    "cli.feed.done": ("已写入 {path}：{count} 个截止日", "Wrote {path}; last days: {count}"),
    "cli.report.period": (
        "截止日在 {first} 至 {last} 之间的时限，按 {today} 的情况",
        "Clocks whose last day is from {first} to {last}, as they stand on {today}",
    ),
    "cli.report.covers": (
        "只统计您可以查看的信息；天数均为工作日。",
        "Counts what you may see; days are working days.",
    ),
    "cli.report.total": ("合计", "In all"),
    "cli.report.by_department": ("机构", "Body"),
    "cli.report.by_stage": ("环节", "Stage"),
    "cli.report.by_category": ("目录", "Category"),
    "cli.report.late": ("逾期", "Late"),
    "cli.report.stages": ("各环节用时", "Days at each stage"),
    "cli.report.returns": ("退回", "Returns"),
    "cli.report.on_time": ("按期", "In time"),
    "cli.report.open": ("未到期", "Open"),
    "cli.report.voided": ("终止", "Voided"),
    "cli.report.provisional": ("暂定", "Provisional"),
    "cli.report.share_truncated": ("按期率（截尾）%", "In time, cut off %"),
    "cli.report.share_half_up": ("按期率（四舍五入）%", "In time, rounded %"),
    "cli.report.median_days": ("中位用时", "Median days"),
    "cli.report.p95_days": ("95% 用时", "95 % within"),
    "cli.report.index_number": ("索引号", "Index number"),
    "cli.report.met_on": ("完成日", "Met on"),
    "cli.report.days_late": ("逾期工作日", "Days late"),
    "cli.report.reason": ("原因", "Reason"),
    "cli.report.count": ("次数", "Count"),
    "cli.report.days": ("共用天数", "Days in all"),
    "cli.report.over_budget": ("超过环节时限", "Over budget"),
    "cli.report.more_late": (
        "另有 {count} 项逾期，--format csv 或者 xlsx 列出全部。",
        "{count} more are late; --format csv or xlsx has all.",
    ),
    "cli.report.written": ("已写入 {path}", "Wrote {path}"),
    "cli.waiting.none": ("没有在办的信息。", "Nothing waits at any desk."),
    "cli.waiting.title": ("在办信息", "What is held"),
    "cli.waiting.holders": ("可办理的人", "Who may act"),
    "cli.waiting.held_days": ("已停留工作日", "Days held"),
    "cli.waiting.nobody": ("无人", "nobody"),
    "cli.waiting.by_holder": ("可办理的人", "Who may act"),
    "cli.waiting.by_stage": ("环节", "Stage"),
    "cli.waiting.by_department": ("机构", "Body"),
    "cli.waiting.count": ("件数", "Items"),
    "cli.waiting.longest_days": ("最久（工作日）", "Longest, days"),
    "cli.waiting.median_days": ("中位（工作日）", "Median, days"),
    "cli.waiting.over_budget": ("超过环节时限", "Over budget"),
    "cli.report.returns_in": (
        "{first} 至 {last} 作出的退回和决定",
        "What was returned and decided from {first} to {last}",
    ),
    "cli.report.no_decisions": (
        "期间内没有您可以查看的退回或者决定。",
        "Nothing that you may see was returned or decided in that time.",
    ),
    "cli.report.by_reason": ("退回原因", "Reasons"),
    "cli.report.returned": ("退回", "Returned"),
    "cli.report.decided": ("通过", "Passed"),
    "cli.report.share_returned": ("退回率 %", "Returned %"),
    "cli.report.under_waiver": ("其中凭豁免通过", "Passed under a waiver"),
    "cli.report.decisions_voided": ("决定失效", "Decisions voided"),
    "cli.report.duplicates": ("重复录入", "Entered twice"),
    "cli.report.no_duplicates": (
        "您可以查看的信息中没有重复录入的。",
        "Nothing that you may see was entered twice.",
    ),
    "cli.report.same": ("相同之处", "What is the same"),
    "cli.report.same_text": ("正文", "the text"),
    "cli.report.same_number": ("发文字号 {number}：{count} 件", "Number {number}: {count} items"),
    "cli.report.same_text_of": ("正文相同：{count} 件", "The same text: {count} items"),
    "cli.report.entered": ("录入时间", "Entered"),
    "cli.report.because": ("不是重复的理由：{reason}", "No duplicate, because: {reason}"),
    # One item
    "cli.show.state": ("状态", "state"),
    "cli.show.body": ("正文", "Body"),
    "cli.show.purged": ("内容已于 {at} 依法清除。", "The content was purged on {at}."),
    "cli.show.restricted": ("限定范围", "restricted"),
    "cli.show.authors": ("拟稿人", "authors"),
    "cli.show.revision": ("修订", "revision"),
    "cli.show.digest": ("摘要", "digest"),
    "cli.show.policy": ("流程", "policy"),
    "cli.show.submitted": ("提交时间", "submitted"),
    "cli.show.published": ("发布时间", "published"),
    "cli.show.asked.retraction": ("待确认的撤下", "retraction asked for"),
    "cli.show.asked.restoration": ("待确认的恢复", "restoration asked for"),
    "cli.show.asked.urgent_publication": ("待确认的紧急发布", "urgent publication asked for"),
    "cli.show.urgent": ("紧急发布", "published urgently"),
    "cli.show.urgent_by": (
        "{at}  由{first}提出，{second}确认：{words}",
        "{at}  {first} asked, {second} confirmed: {words}",
    ),
    "cli.show.review_owed": ("待补审", "review owed"),
    "cli.show.owed_from": ("自“{stage}”环节起", "from this stage on: {stage}"),
    "cli.show.retracted.retraction": ("撤下", "retracted"),
    "cli.show.edition": ("版次", "edition"),
    "cli.show.corrects": (
        "第 {number} 版，更正 {corrects}：{note}",
        "{number}, corrects {corrects}: {note}",
    ),
    "cli.show.asked.validity": ("待确认的有效性", "validity asked for"),
    "cli.show.validity": ("有效性", "validity"),
    "cli.show.since": ("{status}，自 {day} 起", "{status} since {day}"),
    "cli.show.not_before": ("尚未施行，自 {day} 起施行", "takes effect on {day}"),
    "cli.show.recorded": ("{at} 登记", "recorded {at}"),
    "cli.show.replaces": ("取代", "replaces"),
    "cli.show.replaced_by": ("被取代", "replaced by"),
    "cli.show.corrected_by": ("更正版", "corrected by"),
    "cli.show.same_as": ("正文或者文号相同", "same text or number"),
    "cli.show.reassess": ("重新评估", "reassess on"),
    "cli.show.delivery": ("发布渠道", "delivery"),
    "cli.show.next_try": ("{at} 再试", "next try {at}"),
    "cli.show.last_failure": ("上次未送达，代码 {problem}", "the last try failed: {problem}"),
    "cli.show.decisions": ("办理意见", "Decisions"),
    "cli.show.nothing_next": ("没有后续步骤。", "Nothing comes next."),
    "cli.show.next": ("下一步：{role}——{people}", "Next: {role}: {people}"),
    "cli.show.next_delivery": (
        "下一步：{desk}。尚未送交和待签收的：`gongkai deliveries --open`",
        "Next: {desk}. What is owed and what waits: `gongkai deliveries --open`",
    ),
    "cli.show.next_nobody": (
        "下一步：{role}，但目前无人担任。请管理员授予该角色。",
        "Next: {role}, but nobody holds this role. Ask the administrator to grant it.",
    ),
    "cli.show.next_barred": (
        (
            "下一步：{role}，但担任该角色的人都拟写过该信息或者已作过决定，目前没有人可以办理。"
            "请管理员另行任命（`gongkai role grant`）；审核、用印、终审也可以由督查员豁免"
            "（`gongkai waiver give`）。"
        ),
        (
            "Next: {role}, but whoever holds this role wrote the item or decided on it already, so"
            " nobody can act. Ask the administrator to appoint somebody else (`gongkai role"
            " grant`); but for the confidentiality review and publication, a supervisor may also"
            " waive the rule (`gongkai waiver give`)."
        ),
    ),
    "cli.show.why": (
        "能否办理、由谁办理：`gongkai why {item}`",
        "What you can do, and who else can: `gongkai why {item}`",
    ),
    "cli.decision.at": ("时间", "When"),
    "cli.decision.stage": ("环节", "Stage"),
    "cli.decision.action": ("办理", "Action"),
    "cli.decision.by": ("办理人", "By"),
    "cli.decision.notes": ("说明", "Notes"),
    "cli.decision.voided": ("{at} 起失效", "voided {at}"),
    "cli.decision.register": ("用印登记号 {value}", "register number {value}"),
    "cli.decision.ground": ("理由 {value}（第 {basis} 条）", "ground {value} (article {basis})"),
    "cli.decision.to": ("退到：{value}", "to: {value}"),
    "cli.decision.on": ("针对摘要 {digest}", "on digest {digest}"),
    "cli.decision.proposed": ("拟定结果：{outcome}", "proposed: {outcome}"),
    "cli.history.seq": ("序号", "No."),
    "cli.history.at": ("时间", "When"),
    "cli.history.by": ("办理人", "By"),
    "cli.history.event": ("事项", "What"),
    "cli.history.details": ("说明", "Details"),
    "cli.detail.code": ("代码 {value}", "code {value}"),
    "cli.detail.reason": ("理由：{value}", "reason: {value}"),
    "cli.detail.ground": ("理由代码 {value}", "ground {value}"),
    "cli.detail.basis": ("条例第 {value} 条", "article {value}"),
    "cli.detail.register_number": ("用印登记号 {value}", "register number {value}"),
    "cli.detail.outcome": ("拟定结果：{value}", "proposed: {value}"),
    "cli.detail.reassess_on": ("{value} 重新评估", "reassess on {value}"),
    "cli.detail.question": ("问题：{value}", "question: {value}"),
    "cli.detail.addressee": ("送往 {value}", "to {value}"),
    "cli.detail.answer": ("答复：{value}", "answer: {value}"),
    "cli.detail.found": ("发现：{value}", "found: {value}"),
    "cli.detail.by": ("因“{value}”", "by: {value}"),
    "cli.detail.body": ("征求：{value}", "asked: {value}"),
    "cli.detail.reply": ("意见：{value}", "reply: {value}"),
    "cli.detail.settlement": ("裁决：{value}", "settled: {value}"),
    "cli.detail.answer_due": ("答复期限：{value}", "answer due: {value}"),
    "cli.detail.replied_on": ("答复日期：{value}", "replied on: {value}"),
    "cli.detail.reference": ("文号：{value}", "reference: {value}"),
    "cli.detail.account": ("协调说明：{value}", "account: {value}"),
    "cli.detail.point": ("查阅点：{value}", "point: {value}"),
    "cli.detail.list": ("目录表：{value}", "list: {value}"),
    "cli.detail.waiver": ("第 {value} 号豁免", "under waiver {value}"),
    "cli.detail.handed_over_on": ("交接日期：{value}", "handed over on: {value}"),
    "cli.detail.gap_days": ("交接 {value} 天后登记", "recorded {value} days later"),
    "cli.detail.met_on": ("必送查阅点全部签收：{value}", "clock met on: {value}"),
    "cli.detail.publish_at": ("定于 {value} 公开", "to be published at {value}"),
    "cli.detail.moved": ("{clock}：{old} → {new}", "{clock}: {old} → {new}"),
    "cli.detail.told": ("{clock}，{steps}", "{clock}: {steps}"),
    "cli.detail.step.before": ("提前 {days} 个工作日", "working days before: {days}"),
    "cli.detail.step.on": ("到期当日", "on the last day"),
    "cli.detail.step.after": ("逾期 {days} 个工作日", "working days late: {days}"),
    "cli.detail.step.weekly": ("此后第 {weeks} 周", "weeks on: {weeks}"),
    "cli.detail.step.corrected": ("更正", "taken back"),
    "cli.detail.attempts": ("已试 {value} 次", "attempts: {value}"),
    "cli.detail.status": ("有效性：{value}", "validity: {value}"),
    "cli.detail.from_on": ("自 {value} 起", "from {value}"),
    "cli.detail.explanation": ("说明：{value}", "explanation: {value}"),
    "cli.detail.error": ("原因：{value}", "because: {value}"),
    "cli.diff.same": ("两个修订完全相同。", "The two revisions are the same."),
    "cli.diff.only_one": ("只有一个修订。", "There is only one revision."),
    "cli.diff.between": (
        "修订 {old}（{old_digest}）→ 修订 {new}（{new_digest}）",
        "Revision {old} ({old_digest}) → revision {new} ({new_digest})",
    ),
    "cli.why.may": ("✓ ", "✓ "),
    "cli.why.may_not": ("✗ ", "✗ "),
    "cli.why.needs": ("须写明：{needs}", "needs: {needs}"),
    "cli.needs.reason": ("理由 --reason", "a reason, --reason"),
    "cli.needs.code": ("原因代码 --code", "a reason code, --code"),
    "cli.needs.to": ("退到哪里 --to", "where to, --to"),
    "cli.needs.redactions": ("要删去的内容 --redact", "what is to be taken out, --redact"),
    "cli.needs.question": ("问题 --question", "a question, --question"),
    "cli.needs.addressee": ("送往的机关 --addressee", "the body that is asked, --addressee"),
    "cli.needs.answer": ("答复 --answer", "the answer, --answer"),
    "cli.needs.change_note": ("更正说明 --change-note", "what changed, --change-note"),
    "cli.needs.status": ("有效性（--status）", "the status (--status)"),
    "cli.needs.basis": ("依据（--basis）", "the basis (--basis)"),
    "cli.needs.from": ("起始日期（--from）", "the first day (--from)"),
    "cli.needs.explanation": ("向公众的说明 --explanation", "an explanation, --explanation"),
    "cli.needs.ground": ("理由代码 --ground", "a ground, --ground"),
    # Acts
    "cli.new.done": ("已存入“{title}”", '"{title}" entered'),
    "cli.new.would": (
        "试运行，未作任何改动；可以存入“{title}”",
        'dry run, nothing was changed; "{title}" could be entered',
    ),
    "cli.new.numbered": ("索引号 {number}", "index number {number}"),
    "cli.revise.same": ("内容没有变化", "the content is the same"),
    "cli.deliver.list": (
        "送交目录表 {number}：{count} 条，送“{point}”",
        "Delivery list {number} to {point}; items: {count}",
    ),
    "cli.consult.blocking": (
        "已征求“{body}”意见（第 {number} 号），未有结果不得公开",
        "{body} is asked (consultation {number}); nothing is published before that is settled",
    ),
    "cli.consult.advisory": (
        "已征求“{body}”意见（第 {number} 号），不影响公开",
        "{body} is asked (consultation {number}); publication does not wait for it",
    ),
    "cli.consult.stays_open": (
        "{due} 前答复，逾期不答复不视为同意",
        "an answer is due on {due}; silence does not consent",
    ),
    "cli.consult.consents": (
        "{due} 前答复，逾期不答复视为同意",
        "an answer is due on {due}; silence consents",
    ),
    "cli.consultation.said": (
        "第 {number} 号征求意见（{body}）：{said}",
        "consultation {number} ({body}): {said}",
    ),
    "cli.consultation.withdrawn": (
        "已撤回第 {number} 号征求意见（{body}）",
        "consultation {number} ({body}) is withdrawn",
    ),
    "cli.consultation.heading": ("征求意见", "Consultations"),
    "cli.consultation.number": ("编号", "No."),
    "cli.consultation.body": ("机关", "Body"),
    "cli.consultation.standing": ("状态", "Standing"),
    "cli.consultation.due": ("答复期限", "Due"),
    "cli.consultation.question": ("问题与答复", "Question and answer"),
    "cli.consultation.earlier": ("针对的是先前的版本", "about an earlier version"),
    "cli.consultation.holds_back": ("不得公开", "holds publication back"),
    "cli.consultation.advisory": ("仅供参考", "advisory"),
    "cli.consultation.none": (
        "没有尚未办结的征求意见。",
        "No consultation is open, of what you may see.",
    ),
    "cli.consultation.next.reply": (
        (
            "第 {number} 号请“{body}”的领导答复：同意 `gongkai reply {item} --answer agree`，"
            "不同意 `gongkai reply {item} --answer object --text 理由`"
        ),
        (
            "No. {number} is for a head of {body} to answer: `gongkai reply {item} --answer agree`,"
            " or `gongkai reply {item} --answer object --text WHY`"
        ),
    ),
    "cli.consultation.next.record": (
        (
            "第 {number} 号向系统外机关征求，收到来函后由本机构登记：`gongkai reply {item} --answer"
            " agree --on 日期 --reference 文号`"
        ),
        (
            "No. {number} is asked outside; the item's own side records the letter: `gongkai reply"
            " {item} --answer agree --on DATE --reference NUMBER`"
        ),
    ),
    "cli.consultation.next.again": (
        (
            "第 {number} 号：修改正文之后重新征求意见：`gongkai consult {item} {asked}"
            " --question 问题`"
        ),
        (
            "No. {number}: once the text is changed, the body is asked anew: `gongkai consult"
            " {item} {asked} --question QUESTION`"
        ),
    ),
    "cli.consultation.next.settle": (
        (
            "第 {number} 号请督查员协调裁决：可以公开 `gongkai settle {item} --outcome release"
            " --text 说明`，支持异议 `gongkai settle {item} --outcome uphold --text 说明`"
        ),
        (
            "No. {number} is for a supervisor to settle: `gongkai settle {item} --outcome release"
            " --text WHY`, or `gongkai settle {item} --outcome uphold --text WHY`"
        ),
    ),
    "cli.reply.owed": ("待答复征求意见", "a question to be answered"),
    "cli.settle.owed": ("待协调裁决", "a dispute to be settled"),
    "cli.receive.at": ("“{point}”已签收（目录表 {number}）", "received by {point} (list {number})"),
    "cli.receive.late": ("交接 {days} 天后才登记", "recorded {days} days after the hand-over"),
    "cli.receive.met": (
        "必送查阅点全部签收，30 个工作日的期限于 {day} 完成",
        "received at all required points; the 30-day clock is met on {day}",
    ),
    "cli.withdrawal.asked": (
        "已申请从“{point}”撤回（目录表 {number}），等待另一人批准",
        "withdrawal from {point} asked for (list {number}); another person has to approve",
    ),
    "cli.withdrawal.done": (
        "已从“{point}”撤回（目录表 {number}）",
        "withdrawn from {point} (list {number})",
    ),
    "cli.nil.done": (
        "{month} 向“{point}”零报告，编号 {number}",
        "Nil return for {month} to {point}: {number}",
    ),
    "cli.deliveries.list": ("目录表", "List"),
    "cli.deliveries.point": ("公共查阅点", "Reading point"),
    "cli.deliveries.month": ("零报告月份", "Nil return for"),
    "cli.deliveries.made": ("送交时间", "Delivered"),
    "cli.deliveries.by": ("送交人", "By"),
    "cli.deliveries.received": ("签收", "Received"),
    "cli.deliveries.withdrawn": ("撤回", "Withdrawn"),
    "cli.deliveries.item": ("信息", "Item"),
    "cli.deliveries.index_number": ("索引号", "Index number"),
    "cli.deliveries.title": ("标题", "Title"),
    "cli.deliveries.copies": ("份数（纸+电子）", "Copies (paper+electronic)"),
    "cli.deliveries.due": ("最后期限", "Due"),
    "cli.deliveries.left": ("剩余工作日", "Working days left"),
    "cli.deliveries.why": ("原因", "Why"),
    "cli.deliveries.notes": ("备注", "Notes"),
    "cli.deliveries.nil": ("零报告", "nil return"),
    "cli.deliveries.purged": ("（内容已清除）", "(content purged)"),
    "cli.deliveries.provisional": ("暂定", "provisional"),
    "cli.deliveries.none": ("没有送交目录表。", "No delivery lists."),
    "cli.deliveries.owed": ("尚未送交必送查阅点", "Still to be delivered to required points"),
    "cli.deliveries.nothing_owed": (
        "没有应送交的信息（只列您可以查看的）。",
        "Nothing is owed, of what you may see.",
    ),
    "cli.deliveries.waiting": ("已送交，等待签收", "Delivered, waiting for a receipt"),
    "cli.deliveries.nothing_waits": (
        "没有待签收的信息（只列您可以查看的）。",
        "Nothing waits for a receipt, of what you may see.",
    ),
    "cli.deliveries.to_approve": (
        "已申请撤回，等待批准（gongkai confirm-withdrawal）",
        "Withdrawal asked for, to be approved (gongkai confirm-withdrawal)",
    ),
    "cli.deliveries.why.new": ("未送交", "not delivered yet"),
    "cli.deliveries.why.withdrawn": ("已撤回", "withdrawn"),
    "cli.deliveries.why.overtaken": ("送交后内容已修改", "the text has changed since"),
    "cli.deliveries.overtaken": (
        "内容已不是可以公开的内容",
        "what was sent is not what may be public",
    ),
    "cli.deliveries.asked_back": ("已申请撤回：{reason}", "asked back: {reason}"),
    "cli.publish.queued": (
        "已进入发布队列，由后台任务或者 `gongkai sweep` 送出",
        "queued; a worker or `gongkai sweep` will send it",
    ),
    "cli.publish.put_off": (
        "暂时没有送出，以后自动再试：{problem}",
        "not sent yet and tried again later: {problem}",
    ),
    # The office
    "cli.init.done": (
        "已建立“{name}”：{bodies} 个机构，数据库 {path}。",
        '"{name}" is set up with its bodies ({bodies}) in {path}.',
    ),
    "cli.init.would": (
        "试运行，未作任何改动；可以建立“{name}”：{bodies} 个机构，数据库 {path}。",
        (
            'dry run, nothing was changed; "{name}" could be set up with its bodies ({bodies}) in'
            " {path}."
        ),
    ),
    "cli.init.next": (
        (
            "下一步：`gongkai login {name}`，再用 `gongkai user add` 和 `gongkai role grant` 添加"
            "人员。"
        ),
        "Next: `gongkai login {name}`, then `gongkai user add` and `gongkai role grant`.",
    ),
    "cli.upgrade.nothing": (
        "数据库已是最新（{have}）。",
        "The database is up to date ({have}).",
    ),
    "cli.upgrade.would": (
        "试运行，未作任何改动；数据库将从 {have} 升级到 {want}。",
        "dry run, nothing was changed; the database would go from {have} to {want}.",
    ),
    "cli.upgrade.done": (
        "数据库已从 {have} 升级到 {want}。",
        "The database went from {have} to {want}.",
    ),
    "cli.user.added": ("已添加 {display_name}（{name}）", "Added {display_name} ({name})"),
    "cli.user.was_reset": (
        "已重置 {name} 的密码，结束其登录 {logins_ended} 个",
        "{name} has a new password; logins ended: {logins_ended}",
    ),
    "cli.user.was_enabled": ("已启用 {name}", "{name} is enabled"),
    "cli.user.was_disabled": (
        "已停用 {name}，结束其登录 {logins_ended} 个",
        "{name} is disabled; logins ended: {logins_ended}",
    ),
    "cli.left.delegation": (
        "第 {delegation} 号代理随之结束（{deputy} 代 {principal}）",
        "Delegation {delegation} ends with it ({deputy} for {principal})",
    ),
    "cli.left.nothing": ("没有事项等待此人。", "Nothing waits on them."),
    "cli.left.items": ("等待此人的事项 {total} 件：", "What waits on them ({total}):"),
    "cli.left.item": ("{item} 号，{place}，{body}", "{item}, {place}, {body}"),
    "cli.left.others": ("可由下列人员办理：{names}", "could be seen to by {names}"),
    "cli.left.nobody": (
        "没有其他人可以办理：请任命{role}（gongkai role grant）",
        "nobody else can: appoint a {role} (gongkai role grant)",
    ),
    "cli.left.sole": (
        "{body}的{role}只有此人担任，请任命（gongkai role grant）",
        "nobody else is {role} of {body}: appoint somebody (gongkai role grant)",
    ),
    "cli.clerk_named": (
        "{named} 现在可以查看 {item} 号，请其接办（gongkai take-over {item}）",
        "{named} sees item {item} now, and takes it over (gongkai take-over {item})",
    ),
    "cli.left.nobody_sees": (
        (
            "限定范围，没有其他人可以查看并办理：请督查员指定接办人"
            "（gongkai take-over {item} --to 账号）"
        ),
        (
            "restricted, and nobody else sees it who could go on: a supervisor names a clerk"
            " (gongkai take-over {item} --to NAME)"
        ),
    ),
    "cli.took_over": ("{item} 号已由您接办", "Item {item} is yours now"),
    "cli.user.one_time": ("一次性密码：{password}", "One-time password: {password}"),
    "cli.user.one_time_note": (
        "只显示这一次，72 小时内有效。请当面或者电话告知本人，首次登录时须修改。",
        (
            "It is shown this once and is good for 72 hours. Tell the person by word of mouth; it"
            " is changed at the first login."
        ),
    ),
    "cli.user.name": ("账号名", "Name"),
    "cli.user.person": ("姓名", "Person"),
    "cli.user.status": ("状态", "Status"),
    "cli.user.roles": ("角色", "Roles"),
    "cli.user.role": ("角色", "Role"),
    "cli.user.body": ("机构", "Body"),
    "cli.user.enabled": ("正常", "enabled"),
    "cli.user.disabled": ("已停用", "disabled"),
    "cli.user.locked": ("{until} 前不能登录", "locked until {until}"),
    "cli.user.owes_change": ("待改密码", "has to change the password"),
    "cli.delegate.given": (
        "第 {delegation} 号代理：{from} 至 {until}，{deputy} 代 {principal} 办理",
        "Delegation {delegation}: {deputy} stands in for {principal} from {from} to {until}",
    ),
    "cli.delegate.was_ended": (
        "第 {delegation} 号代理已结束：{deputy} 不再代 {principal} 办理",
        "Delegation {delegation} has ended: {deputy} no longer stands in for {principal}",
    ),
    "cli.delegate.none": ("没有代理。", "Nobody stands in for anybody."),
    "cli.delegate.all_roles": ("全部角色", "all roles"),
    "cli.delegate.from_until": ("{from} 至 {until}", "{from} – {until}"),
    "cli.delegate.number": ("编号", "No."),
    "cli.delegate.principal": ("被代理人", "Principal"),
    "cli.delegate.deputy": ("代理人", "Deputy"),
    "cli.delegate.what": ("代理的角色", "Roles"),
    "cli.delegate.days": ("起止日期", "Days"),
    "cli.delegate.state": ("状态", "State"),
    "cli.delegate.reason": ("事由", "Reason"),
    "cli.waiver.given": (
        "第 {waiver} 号豁免：{person}，{until} 前（含当日），{lifts}",
        "Waiver {waiver} for {person} until {until}: {lifts}",
    ),
    "cli.waiver.was_ended": (
        "{name} 的第 {waiver} 号豁免已结束",
        "Waiver {waiver} of {name} has ended",
    ),
    "cli.waiver.none": ("没有豁免。", "There is no waiver."),
    "cli.waiver.own_text": ("可就本人拟写的信息作决定", "may decide on their own text"),
    "cli.waiver.two_stages": ("可在两个环节作决定", "may decide at two stages"),
    "cli.waiver.number": ("编号", "No."),
    "cli.waiver.person": ("姓名", "Person"),
    "cli.waiver.lifts": ("豁免事项", "Lifts"),
    "cli.waiver.until": ("最后一天", "Last day"),
    "cli.waiver.state": ("状态", "State"),
    "cli.waiver.used": ("使用次数", "Used"),
    "cli.waiver.by": ("批准人", "Given by"),
    "cli.waiver.reason": ("事由", "Reason"),
    "cli.decision.waiver": ("依第 {number} 号豁免", "under waiver {number}"),
    "cli.why.waiver": ("依第 {number} 号豁免", "under waiver {number}"),
    "cli.deputy_for": ("{deputy}（代{principal}）", "{deputy} (deputy for {principal})"),
    "cli.role.granted": ("{name} 现在是{body}的{role}", "{name} is now {role} of {body}"),
    "cli.role.revoked": ("{name} 不再是{body}的{role}", "{name} is no longer {role} of {body}"),
    "cli.role.held": (
        "{name} 原来就是{body}的{role}，没有变动",
        "{name} was {role} of {body} already; nothing was changed",
    ),
    "cli.role.not_held": (
        "{name} 原来就不是{body}的{role}，没有变动",
        "{name} was not {role} of {body}; nothing was changed",
    ),
    "cli.organisation.not_required": ("非必送", "not required"),
    "cli.organisation.closed": ("{day} 起关闭", "closed since {day}"),
    "cli.organisation.merged": ("并入 {into}", "merged into {into}"),
    "cli.organisation.open_items": (
        "    尚未办结 {count} 条，由原机构的人员继续办理：{items}",
        "    Items still under way: {count}; its people go on with them: {items}",
    ),
    "cli.hand_over.granted": ("{name} 兼任 {body} {role}", "{name} is now also {role} of {body}"),
    "cli.hand_over.revoked": (
        "{name} 不再担任 {body} {role}",
        "{name} is {role} of {body} no more",
    ),
    "cli.hand_over.asked": (
        "信息 {item} 的第 {consultation} 号征求意见（答复期限 {due_on}）由 {who} 答复",
        "Consultation {consultation} on item {item} (due {due_on}) is answered by {who}",
    ),
    "cli.hand_over.nobody_answers": (
        (
            "信息 {item} 的第 {consultation} 号征求意见（答复期限 {due_on}）无人可以答复："
            "能答复的都起草过该信息或者提出过该问题。请由提出人撤回"
            "（`gongkai withdraw-consultation {item}`），"
            "或者期满后由督查员裁决（`gongkai settle {item}`）"
        ),
        (
            "Consultation {consultation} on item {item} (due {due_on}) has nobody to answer it, for"
            " all who could wrote the item or asked: whoever asked withdraws it (`gongkai"
            " withdraw-consultation {item}`), or a supervisor settles it after that day"
            " (`gongkai settle {item}`)"
        ),
    ),
    "cli.hand_over.done": (
        "{body_name}在办的信息由{into_name}接办：{count} 条",
        "Under way at {body_name}, and now held by {into_name}: {count}",
    ),
    "cli.organisation.go_on": ("按以上改动？", "Change this?"),
    "cli.organisation.same": ("机构没有变动。", "No body changes."),
    "cli.organisation.code": ("代码", "Code"),
    "cli.organisation.kind": ("类别", "Kind"),
    "cli.organisation.name": ("名称", "Name"),
    "cli.policy.digest": ("摘要", "digest"),
    "cli.policy.edit_voids": ("修改使下列环节的决定失效", "an edit voids"),
    "cli.policy.nothing": ("无", "nothing"),
    "cli.policy.unchanged": ("退回后未作修改的，原决定", "returned and unchanged, decisions"),
    "cli.policy.kept": ("保留", "are kept"),
    "cli.policy.repeated": ("重新作出", "are repeated"),
    "cli.policy.index_number": ("索引号", "index number"),
    "cli.policy.stage": ("环节", "Stage"),
    "cli.policy.title": ("名称", "Title"),
    "cli.policy.role": ("角色", "Role"),
    "cli.policy.catalogue": ("目录分类", "Catalogue item"),
    "cli.policy.grounds": ("不予公开的理由", "Ground"),
    "cli.policy.return_codes": ("退回原因", "Return code"),
    "cli.policy.checklist": ("保密审查清单", "Question of the review"),
    "cli.policy.meaning": ("含义", "Meaning"),
    "cli.policy.of_clock": ("催办的期限", "Alerts of the clock"),
    "cli.policy.of_law": ("各法定期限", "all of the law"),
    "cli.policy.at": ("时点（工作日）", "At (working days)"),
    "cli.policy.told": ("通知对象", "Told"),
    "cli.policy.proved": (
        "流程 {code} 可以使用：检验了 {explored} 种情形，没有一条路径绕过必经环节。",
        "The policy {code} can be used: of {explored} situations explored, none passes a stage by.",
    ),
    "cli.policy.code": ("流程", "Policy"),
    "cli.policy.version": ("版本", "Version"),
    "cli.policy.use": ("使用情况", "Use"),
    "cli.policy.in_use": ("使用中", "in use"),
    "cli.policy.from_database": ("以前用过", "was in use"),
    "cli.policy.from_shipped": ("随附", "comes with the program"),
    "cli.purge.asked": (
        "已申请清除{kind} {target}，待另一人确认",
        "The purge of the {kind} {target} is asked for; somebody else confirms it",
    ),
    "cli.purge.next": (
        "由另一人运行：`gongkai purge {target} --confirm`",
        "Somebody else runs: `gongkai purge {target} --confirm`",
    ),
    "cli.purge.done": (
        "已清除{kind} {target}；摘要、决定和记录保留",
        "The {kind} {target} is purged; digest, decisions and trail stay",
    ),
    "cli.purge.site_cleared": (
        "公开站点已同时清理。",
        "The public site was cleared in the same act.",
    ),
    "cli.purge.site_waits": (
        "公开站点尚未清理！请立即在有站点的机器上运行 `gongkai site build`。",
        "The public site is not cleared yet! Run `gongkai site build` at once where the site is.",
    ),
    "cli.site.building": ("重建站点", "Building the site"),
    "cli.site.built": (
        "站点已重建：{items} 条信息，写入 {written} 个文件，删去 {removed} 个。目录：{path}",
        "Site built: items {items}, files written {written}, removed {removed}. Directory: {path}",
    ),
    "cli.sweep.sending": ("送出", "Sending"),
    "cli.sweep.due": (
        "现在应送出发布 {publications} 件、检查期限 {clocks} 项、发送提醒 {alerts} 条。",
        "Due now: deliveries {publications}, clocks to look at {clocks}, alerts {alerts}.",
    ),
    "cli.sweep.nothing": ("现在没有要做的。", "Nothing is due now."),
    "cli.sweep.clock_accepted": (
        "已认可本机时钟：{at}。后台任务可以继续。",
        "The clock of this host is accepted: {at}. Jobs run again.",
    ),
    "cli.run.ended": ("已停止。共运行 {count} 次任务。", "Stopped. Runs of jobs: {count}."),
    "cli.ticks.job": ("任务", "Job"),
    "cli.ticks.every": ("间隔", "Every"),
    "cli.ticks.minutes": ("{count} 分钟", "{count} min"),
    "cli.ticks.last": ("上次完成", "Last done"),
    "cli.ticks.expected": ("一日应运行", "Expected in a day"),
    "cli.ticks.ran": ("已运行", "Ran"),
    "cli.ticks.missed": ("缺", "Missed"),
    "cli.ticks.never": ("从未", "never"),
    "cli.ticks.gap": (
        "缺：{job} {from_} 至 {to}（{missed} 次）",
        "Gap: {job}, {from_} to {to} (runs: {missed})",
    ),
    "cli.ticks.problem": (
        "{job}：上次运行失败（{problem}）",
        "{job}: the last run failed ({problem})",
    ),
    "cli.ticks.late": ("{job}：超过两个间隔没有运行", "{job}: not run for more than two intervals"),
    "cli.board.enforced": ("最近一次检查期限：{at}", "Deadlines were last enforced: {at}"),
    "cli.board.never_enforced": (
        "后台任务从未检查过期限，没有人会收到提醒。请管理员启动 `gongkai run` 或者 Celery。",
        (
            "No job has enforced deadlines yet, so nobody is told of any. The administrator starts"
            " `gongkai run`, or Celery."
        ),
    ),
    # After a restore
    "cli.restore.is_held": (
        "自 {since} 起暂停一切送出和编号（{why}）。",
        "Nothing is sent and no number is given since {since} ({why}).",
    ),
    "cli.restore.free": ("没有暂停，照常送出。", "Nothing is held back."),
    "cli.restore.journal": (
        "发送日志的最后编号：{journal}；数据库所知：{database}",
        "Last number in the send journal: {journal}; known to the database: {database}",
    ),
    "cli.restore.site_elsewhere": (
        "站点不在这台机器上，没有核对。",
        "The site is not on this machine and was not compared.",
    ),
    "cli.restore.site": ("站点页面：{pages}", "Pages on the site: {pages}"),
    "cli.restore.unknown": ("站点上有，数据库没有", "on the site, not in the database"),
    "cli.restore.unpublished": (
        "站点上有，数据库中尚未公开",
        "on the site, not published in the database",
    ),
    "cli.restore.different": ("站点上是另一版本", "another text on the site"),
    "cli.restore.purged_since": (
        "站点上已清除，数据库中内容还在：须重新清除",
        "purged on the site, still in the database: purge it again",
    ),
    "cli.restore.missing": ("已公开，站点上没有", "published, not on the site"),
    "cli.restore.owed": ("恢复送出后即发布", "is published as soon as it is released"),
    "cli.restore.behind": (
        "编号 {counter} 只到 {value}，站点上已有 {seen}",
        "The counter {counter} is at {value}, and the site shows {seen}",
    ),
    "cli.restore.doubtful": (
        "可能已送出的消息 {messages} 条、提醒 {alerts} 条；数据库不知道的消息 {unknown} 条",
        (
            "May have been sent before: messages {messages}, alerts {alerts}; messages that the"
            " database does not know: {unknown}"
        ),
    ),
    "cli.restore.logins": ("有效登录：{count}", "Logins that are open: {count}"),
    "cli.restore.how": (
        "核对之后由管理员运行 `gongkai restore-check --release --reason 文字` 恢复送出。",
        "Then an administrator runs `gongkai restore-check --release --reason TEXT`.",
    ),
    "cli.restore.held": ("已暂停一切送出和编号", "Nothing is sent and no number is given any more"),
    "cli.restore.held_before": ("此前已经暂停，没有改动", "It was held before; nothing changed"),
    "cli.restore.released": (
        (
            "已恢复送出：提高编号 {counters} 个，结束登录 {logins} 个，"
            "可能已送出的消息 {messages} 条、提醒 {alerts} 条"
        ),
        (
            "Released: counters raised {counters}, logins ended {logins}, doubtful messages"
            " {messages}, doubtful alerts {alerts}"
        ),
    ),
    "cli.restore.sign_in": (
        "此前的登录一律无效，您的也一样。请重新登录。",
        "No login from before counts any more, yours neither. Sign in again.",
    ),
    "cli.restore.next": (
        (
            "先重新清除备份之后已清除的内容；接着运行 `gongkai site build`，它会删去数据库不知道"
            "的页面；再运行 `gongkai doctor --trail`。"
        ),
        (
            "First purge again what had been purged since the backup. Then run"
            " `gongkai site build`, which removes the pages that the database does not know, and"
            " `gongkai doctor --trail`."
        ),
    ),
    # Trail
    "cli.audit.walking": ("核对记录", "Walking the trail"),
    "cli.audit.sound": (
        "全部 {chains} 条记录链完整，没有被改动。",
        "All chains are whole and unaltered; chains: {chains}.",
    ),
    "cli.audit.broken": (
        "记录链 {subject} 第 {seq} 条：{problem}⟦（{what}）⟧。",
        "Chain {subject}, entry {seq}: {problem}⟦ ({what})⟧.",
    ),
    "cli.audit.subject": ("记录链", "Chain"),
    "cli.audit.seq": ("序号", "No."),
    "cli.audit.hash": ("末条散列值", "Hash of the head"),
    # Settings
    "cli.settings.name": ("名称", "Name"),
    "cli.settings.value": ("值", "Value"),
    "cli.settings.origin": ("来源", "Origin"),
    "cli.settings.meaning": ("含义", "Meaning"),
    # Doctor
    "cli.doctor.level.green": ("正常", "good"),
    "cli.doctor.level.amber": ("注意", "warn"),
    "cli.doctor.level.red": ("故障", "BAD "),
    "cli.doctor.path_unreadable": (
        "不能查看“{path}”（{problem}）。",
        '"{path}" cannot be looked at ({problem}).',
    ),
    "cli.doctor.data_directory_missing": (
        "数据目录“{path}”不存在。请先运行 `gongkai init`。",
        'The data directory "{path}" is not there. Run `gongkai init` first.',
    ),
    "cli.doctor.data_directory_open_to_all": (
        "数据目录“{path}”（{mode}）其他人可以进入。请运行 chmod 700。",
        'The data directory "{path}" ({mode}) is open to others. Run chmod 700 on it.',
    ),
    "cli.doctor.data_directory_open_to_group": (
        "数据目录“{path}”（{mode}）同组的人可以进入。请运行 chmod 700。",
        'The data directory "{path}" ({mode}) is open to its group. Run chmod 700 on it.',
    ),
    "cli.doctor.data_directory_private": (
        "数据目录“{path}”只有所有者可以进入。",
        'The data directory "{path}" is its owner\'s alone.',
    ),
    "cli.doctor.config_missing": ("设置文件“{path}”不存在。", 'There is no "{path}" of settings.'),
    "cli.doctor.config_open_to_all": (
        "设置文件“{path}”（{mode}）其他人可以读取。请运行 chmod 600。",
        'The settings file "{path}" ({mode}) can be read by others. Run chmod 600 on it.',
    ),
    "cli.doctor.path_replaceable": (
        "“{path}”所在的目录（{mode}）别人可以写入，能用别的文件替换它。请对该目录运行 chmod go-w。",
        (
            'Others can write to the directory of "{path}" ({mode}) and put something else in its'
            " place. Run chmod go-w on that directory."
        ),
    ),
    "cli.doctor.config_open_to_group": (
        "设置文件“{path}”（{mode}）同组的人可以读取。请运行 chmod 600。",
        'The settings file "{path}" ({mode}) can be read by its group. Run chmod 600 on it.',
    ),
    "cli.doctor.config_private": (
        "设置文件“{path}”只有所有者可以读取。",
        'The settings file "{path}" is its owner\'s alone.',
    ),
    "cli.doctor.secret_missing": ("密钥文件“{path}”不存在。", 'There is no file "{path}".'),
    "cli.doctor.secret_open_to_all": (
        "密钥文件“{path}”（{mode}）任何人都能打开。请收紧为 0400。",
        'The secret in "{path}" ({mode}) is open to everybody. Make it 0400.',
    ),
    "cli.doctor.secret_open_to_group": (
        "密钥文件“{path}”（{mode}）同组的人能打开。请收紧为 0400。",
        'The secret in "{path}" ({mode}) is open to its group. Make it 0400.',
    ),
    "cli.doctor.secret_private": (
        "密钥文件“{path}”只有所有者能打开。",
        'The secret in "{path}" is for its owner alone.',
    ),
    "cli.doctor.logins_missing": (
        "“{path}”中没有保存的登录。",
        'There are no saved logins in "{path}".',
    ),
    "cli.doctor.logins_open_to_all": (
        "保存的登录“{path}”（{mode}）其他人可以读取。请收紧权限，再重新登录。",
        'The saved logins in "{path}" ({mode}) are open to others. Close it, and sign in anew.',
    ),
    "cli.doctor.logins_open_to_group": (
        "保存的登录“{path}”（{mode}）同组的人可以读取。请收紧权限，再重新登录。",
        'The saved logins in "{path}" ({mode}) are open to the group. Close it, and sign in anew.',
    ),
    "cli.doctor.logins_private": (
        "保存的登录“{path}”只有所有者可以读取。",
        'The saved logins in "{path}" are their owner\'s alone.',
    ),
    "cli.doctor.database_missing": ("数据库文件“{path}”不存在。", 'There is no database "{path}".'),
    "cli.doctor.database_open_to_all": (
        "数据库文件“{path}”（{mode}）其他人可以读取。请运行 chmod 600。",
        'The database file "{path}" ({mode}) can be read by others. Run chmod 600 on it.',
    ),
    "cli.doctor.database_open_to_group": (
        "数据库文件“{path}”（{mode}）同组的人可以读取。请运行 chmod 600。",
        'The database file "{path}" ({mode}) can be read by its group. Run chmod 600 on it.',
    ),
    "cli.doctor.database_private": (
        "数据库文件“{path}”只有所有者可以读取。",
        'The database file "{path}" is its owner\'s alone.',
    ),
    "cli.doctor.store_missing": ("附件目录“{path}”不存在。", 'There is no "{path}" of files.'),
    "cli.doctor.store_open_to_all": (
        "附件目录“{path}”（{mode}）其他人可以进入。请运行 chmod 700。",
        'The store of attached files "{path}" ({mode}) is open to others. Run chmod 700 on it.',
    ),
    "cli.doctor.store_open_to_group": (
        "附件目录“{path}”（{mode}）同组的人可以进入。请运行 chmod 700。",
        'The store of attached files "{path}" ({mode}) is open to its group. Run chmod 700 on it.',
    ),
    "cli.doctor.store_private": (
        "附件目录“{path}”只有所有者可以进入。",
        'The store of attached files "{path}" is its owner\'s alone.',
    ),
    "cli.doctor.disk_has_room": (
        "磁盘尚有 {mib:,} MiB 可用（{path}）。",
        "The disk has room: {mib:,} MiB free at {path}.",
    ),
    "cli.doctor.disk_nearly_full": (
        "磁盘快满了，只剩 {mib:,} MiB（{path}）。请腾出空间。",
        "The disk is nearly full: {mib:,} MiB free at {path}. Make room.",
    ),
    "cli.doctor.database_sound": (
        "数据库可以使用：{address}。",
        "The database answers and is up to date: {address}.",
    ),
    "cli.doctor.rehearsal": ("这是演练库。", "This is a rehearsal."),
    "cli.doctor.passwords_cheap": (
        "计算密码散列只用 {kib} KiB 内存，太少。请提高 GONGKAI_PASSWORD_MEMORY_KIB。",
        (
            "Passwords are hashed with {kib} KiB of memory, which is too little. Raise"
            " GONGKAI_PASSWORD_MEMORY_KIB."
        ),
    ),
    "cli.doctor.files_missing": (
        "缺少 {count} 个附件文件，第一个是 {sha256}。请从备份恢复。",
        "Attached files are missing: {count}, the first one {sha256}. Restore them from a backup.",
    ),
    "cli.doctor.purged_files_left": (
        "有 {count} 个已清除的附件仍在磁盘上，第一个是 {sha256}。请立即删除。",
        "Purged files are still on the disk: {count}, the first one {sha256}. Remove them at once.",
    ),
    "cli.doctor.files_unused": (
        "有 {count} 个附件文件没有信息使用（多为被拒收的上传）。",
        "Stored files that no item refers to, mostly of refused uploads: {count}.",
    ),
    "cli.doctor.files_sound": (
        "附件文件齐全：{count} 个。",
        "All attached files are there: {count}.",
    ),
    "cli.doctor.deliveries_none": ("没有待送出的发布。", "No publication waits to be delivered."),
    "cli.doctor.deliveries_waiting": (
        "有 {count} 件发布待送出，最早应于 {oldest} 送出。",
        "Publications waiting to be delivered: {count}, the oldest one due {oldest}.",
    ),
    "cli.doctor.deliveries_late": (
        (
            "有 {count} 件发布迟迟没有送出，最早应于 {oldest} 送出。请检查后台任务，或者运行"
            " `gongkai"
            " sweep`。"
        ),
        (
            "Publications are not being delivered: {count}, the oldest one due {oldest}. Check the"
            " workers, or run `gongkai sweep`."
        ),
    ),
    "cli.doctor.sending_is_held": (
        "自 {since} 起暂停一切送出和编号。请运行 `gongkai restore-check`。",
        "Everything is held back since {since}. Run `gongkai restore-check`.",
    ),
    "cli.doctor.journal_ahead": (
        (
            "发送日志“{path}”（{journal}）比数据库（{database}）新：数据库是从备份恢复的。"
            "请运行 `gongkai restore-check`。"
        ),
        (
            'The send journal "{path}" ({journal}) is ahead of the database ({database}), which was'
            " restored from a backup. Run `gongkai restore-check`."
        ),
    ),
    "cli.doctor.journal_unwritable": (
        "发送日志“{path}”不能写入，因此不会送出任何信息。请检查权限。",
        'The send journal "{path}" cannot be written, so nothing is sent. Check its modes.',
    ),
    "cli.doctor.journal_lost": (
        (
            "发送日志“{path}”没有了，数据库已送出 {database} 条。从备份恢复时将看不出来，"
            "届时请用 `gongkai restore-check --hold`。"
        ),
        (
            'The send journal "{path}" is gone although {database} messages were sent. A restore'
            " would not show; use `gongkai restore-check --hold` then."
        ),
    ),
    "cli.doctor.journal_sound": (
        "发送日志正常，最后编号 {journal}。",
        "The send journal is sound; last number {journal}.",
    ),
    "cli.doctor.journal_missing": ("没有发送日志“{path}”。", 'There is no send journal "{path}".'),
    "cli.doctor.journal_open_to_all": (
        "发送日志“{path}”（{mode}）任何人都能打开。请收紧为 0600。",
        'The send journal "{path}" ({mode}) is open to everybody. Make it 0600.',
    ),
    "cli.doctor.journal_open_to_group": (
        "发送日志“{path}”（{mode}）同组的人能打开。请收紧为 0600。",
        'The send journal "{path}" ({mode}) is open to its group. Make it 0600.',
    ),
    "cli.doctor.journal_private": (
        "发送日志“{path}”只有所有者能打开。",
        'The send journal "{path}" is for its owner alone.',
    ),
    "cli.doctor.messages_none": ("没有待发送的提醒。", "No message waits to be sent."),
    "cli.doctor.messages_waiting": (
        "有 {count} 条消息待发送，最早应于 {oldest} 发送。",
        "Messages waiting to be sent: {count}, the oldest one due {oldest}.",
    ),
    "cli.doctor.messages_late": (
        ("有 {count} 条消息迟迟没有发送，最早应于 {oldest} 发送。请检查后台任务和邮件服务器。"),
        (
            "Messages are not being sent: {count}, the oldest one due {oldest}. Check the workers"
            " and the mail server."
        ),
    ),
    "cli.doctor.alerts_late": (
        "有 {count} 条提醒自 {oldest} 起没有编入任何消息。请检查后台任务。",
        "Alerts that no message was made of: {count}, since {oldest}. Check the workers.",
    ),
    "cli.doctor.channel_not_set_up": (
        "有 {count} 个地址使用“{channel}”，但是没有设置这一通道，不会送达。",
        'Addresses by "{channel}": {count}; this channel is not set up, so nothing reaches them.',
    ),
    "cli.doctor.contacts_missing": (
        "有 {count} 个有职责的人没有可用的联系方式，例如 {name}，他们收不到提醒。",
        "People with a duty whom no channel reaches: {count}, such as {name}. They hear nothing.",
    ),
    "cli.doctor.contacts_sound": (
        "有职责的人都有联系方式。",
        "Everybody with a duty is reached by some channel.",
    ),
    "cli.doctor.calendar_ended": (
        (
            "工作日历只到 {horizon}，已经过期：{provisional} 个期限是暂定的。"
            "请运行 `gongkai calendar apply`。"
        ),
        (
            "The calendar ended on {horizon}; provisional due dates: {provisional}. Run `gongkai"
            " calendar apply`."
        ),
    ),
    "cli.doctor.calendar_ends": (
        (
            "工作日历只到 {horizon}，还没有 {year} 年的放假安排；暂定的期限 {provisional} 个。"
            "通知公布后请运行 `gongkai calendar apply`。"
        ),
        (
            "The calendar ends on {horizon}; that of {year} is missing, provisional due dates:"
            " {provisional}. Run `gongkai calendar apply` when the notice is out."
        ),
    ),
    "cli.doctor.items_need_migration": (
        (
            "有 {count} 件信息（如 {item}）所处的环节在它的流程中已不存在，不能办理。"
            "请运行 `gongkai policy plan` 查看，再运行 `gongkai policy apply`。"
        ),
        (
            "Items at a stage that their policy does not have: {count}, such as {item}; nobody can"
            " act on them. Run `gongkai policy plan`, then `gongkai policy apply`."
        ),
    ),
    "cli.doctor.items_placed": (
        "在办信息都处在各自流程的环节上。",
        "Every item under way is at a place that its policy knows.",
    ),
    "cli.doctor.items_under_other_policies": (
        "有 {count} 件在办信息仍按以前的流程办理。",
        "Items under way that go by a policy of before: {count}.",
    ),
    "cli.doctor.calendar_sound": (
        "工作日历到 {horizon}，暂定的期限 {provisional} 个。",
        "The calendar goes to {horizon}; provisional due dates: {provisional}.",
    ),
    "cli.doctor.enforced": (
        "期限检查正常，上次 {since}。",
        "Deadlines are enforced; last {since}.",
    ),
    "cli.doctor.job_late": (
        "任务“{job}”自 {since} 起没有运行。请检查 `gongkai run` 或者 Celery 的 worker 和 beat。",
        (
            "Not run since {since}: {job}. See whether `gongkai run`, or Celery's worker and beat,"
            " still live."
        ),
    ),
    "cli.doctor.job_never_ran": (
        "任务“{job}”从未运行（系统建立于 {since}）。请启动 `gongkai run` 或者 Celery。",
        "Never run since the office began ({since}): {job}. Start `gongkai run`, or Celery.",
    ),
    "cli.doctor.fault_open": (
        "未解决的故障：{fault}（自 {since}，{times} 次）。",
        "Open fault: {fault} (since {since}; times: {times}).",
    ),
    "cli.doctor.faults_none": ("没有未解决的故障。", "No fault is open."),
    "cli.doctor.site_elsewhere": (
        "公开站点不在这台机器上。",
        "The public site is on another machine.",
    ),
    "cli.doctor.site_writable": (
        "站点目录“{path}”可以写入。",
        'The site\'s directory "{path}" can be written to.',
    ),
    "cli.doctor.site_unwritable": (
        "站点目录“{path}”不能写入。请检查它的权限。",
        'The site\'s directory "{path}" cannot be written to. Check its permissions.',
    ),
    "cli.doctor.trail_sound": (
        "全部 {count} 条记录链完整。",
        "All chains of the trail are whole: {count}.",
    ),
    "cli.doctor.trail_broken": (
        "记录链 {subject} 第 {seq} 条：{problem}⟦（{what}）⟧。",
        "Chain {subject}, entry {seq}: {problem}⟦ ({what})⟧.",
    ),
    # Click's own words; the English is what click asks for
    "cli.click.usage": ("用法：", "Usage:"),
    "cli.click.missing_command": ("没有写明命令。", "Missing command."),
    "cli.click.extra_argument": (
        "多出的参数（{args}）",
        "Got unexpected extra argument ({args})",
    ),
    "cli.click.extra_arguments": (
        "多出的参数（{args}）",
        "Got unexpected extra arguments ({args})",
    ),
    "cli.click.default": ("默认：{default}", "default: {default}"),
    "cli.click.required": ("必填", "required"),
    "cli.click.possibility": ("是不是 {possibility}？", "Did you mean {possibility}?"),
    "cli.click.possibilities": (
        "（是不是其中一个：{possibilities}？）",
        "(Did you mean one of: {possibilities}?)",
    ),
    "cli.click.missing_argument": ("缺少参数", "Missing argument"),
    "cli.click.missing_option": ("缺少选项", "Missing option"),
    "cli.click.missing_parameter": ("缺少参数", "Missing parameter"),
    "cli.click.invalid_value_for": (
        "{param_hint} 的值不对：{message}",
        "Invalid value for {param_hint}: {message}",
    ),
    "cli.click.invalid_value": ("值不对：{message}", "Invalid value: {message}"),
    "cli.click.no_such_option": ("没有选项 {name!r}。", "No such option {name!r}."),
    "cli.click.no_such_command": ("没有命令 {name!r}。", "No such command {name!r}."),
    "cli.click.no_value": ("选项 {name!r} 不带值。", "Option {name!r} does not take a value."),
    "cli.click.needs_argument": (
        "选项 {name!r} 须带一个值。",
        "Option {name!r} requires an argument.",
    ),
    "cli.click.needs_arguments": (
        "选项 {name!r} 须带 {nargs} 个值。",
        "Option {name!r} requires {nargs} arguments.",
    ),
    "cli.click.argument_takes": (
        "参数 {name!r} 须有 {nargs} 个值。",
        "Argument {name!r} takes {nargs} values.",
    ),
    "cli.click.repeat": ("请再输入一次", "Repeat for confirmation"),
    "cli.click.differ": (
        "两次输入的内容不一致。",
        "Error: The two entered values do not match.",
    ),
    "cli.click.choose": ("请选择：\n\t{choices}", "Choose from:\n\t{choices}"),
    "cli.click.not_choice": ("{value!r} 不是 {choice}。", "{value!r} is not {choice}."),
    "cli.click.not_choices": (
        "{value!r} 不在可选的值之中：{choices}。",
        "{value!r} is not one of {choices}.",
    ),
    "cli.click.not_in_range": (
        "{value} 不在 {range} 之内。",
        "{value} is not in the range {range}.",
    ),
    "cli.click.not_number": (
        "{value!r} 不是可用的数字（{number_type}）。",
        "{value!r} is not a valid {number_type}.",
    ),
    "cli.click.invalid_input": ("输入不对", "Error: invalid input"),
    "cli.click.error": ("✗ {message}", "Error: {message}"),
    "cli.click.options": ("选项", "Options"),
    "cli.click.arguments": ("参数", "Positional arguments"),
    "cli.click.commands": ("命令", "Commands"),
    "cli.click.variable": ("环境变量：{var}", "env var: {var}"),
    "cli.click.dynamic": ("（由系统决定）", "(dynamic)"),
    "cli.click.command_deprecated": (
        "命令 {name!r} 将取消。{extra_message}",
        "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    ),
    "cli.click.parameter_deprecated": (
        "{name!r}（{param_type}）将取消。{extra_message}",
        "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    ),
    "cli.click.missing_named": ("缺少参数 {param_name}", "Missing parameter: {param_name}"),
    "cli.click.missing_type": ("缺少 {param_type}", "Missing {param_type}"),
    "cli.click.try": (
        "用法见 '{command} {option}'。",
        "Try '{command} {option}' for help.",
    ),
    "cli.click.file": ("文件", "file"),
    "cli.click.directory": ("目录", "directory"),
    "cli.click.path": ("路径", "path"),
    "cli.click.is_file": ("{name}{filename!r}是文件。", "{name} {filename!r} is a file."),
    "cli.click.is_directory": (
        "{name}{filename!r}是目录。",
        "{name} {filename!r} is a directory.",
    ),
    "cli.click.not_readable": (
        "{name}{filename!r}不可读取。",
        "{name} {filename!r} is not readable.",
    ),
    "cli.click.not_writable": (
        "{name}{filename!r}不可写入。",
        "{name} {filename!r} is not writable.",
    ),
    "cli.click.not_executable": (
        "{name}{filename!r}不可执行。",
        "{name} {filename!r} is not executable.",
    ),
    "cli.click.does_not_exist": (
        "{name}{filename!r}不存在。",
        "{name} {filename!r} does not exist.",
    ),
    "cli.click.not_iterable": ("须给出若干个值。", "Value must be an iterable."),
    "cli.click.takes_not_one": (
        "须有 {nargs} 个值，只给了 1 个。",
        "Takes {nargs} values but 1 was given.",
    ),
    "cli.click.takes_not_so_many": (
        "须有 {nargs} 个值，给了 {len} 个。",
        "Takes {nargs} values but {len} were given.",
    ),
    "cli.click.not_boolean": (
        "{value!r} 不是是非值。可写：{states}",
        "{value!r} is not a valid boolean. Recognized values: {states}",
    ),
    "cli.click.unknown_error": ("原因不明", "unknown error"),
    "cli.click.not_opened": (
        "打不开文件 {filename!r}：{message}",
        "Could not open file {filename!r}: {message}",
    ),
    "cli.click.integer": ("整数", "integer"),
}
