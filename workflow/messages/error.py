"""What went wrong: one sentence for each code of the errors that are no refusals by a rule."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # Time
    "error.alert_channel_unknown": (
        (
            "没有设置名为“{value}”的通道⟦，可用的有：{known}⟧。"
            "其他通道由管理机器的人在设置中启用（`gongkai settings`）。"
        ),
        (
            'No channel called "{value}" is set up⟦; there are {known}⟧.'
            " Whoever runs the machine sets up others (`gongkai settings`)."
        ),
    ),
    "error.alert_channel_missing": (
        "{channel}通道没有设置，消息暂存待发。",
        "The channel {channel} is not set up; the message stays owed.",
    ),
    "error.no_such_contact": (
        "没有登记{channel}的地址。",
        "No address of {channel} is known.",
    ),
    "error.no_such_alert": (
        "没有编号为 {alert} 的提醒，或者不是您的。",
        "There is no alert {alert}, or it is not yours.",
    ),
    "error.no_such_chain": (
        "没有名为“{subject}”的记录链；名称为 system 或者 item:编号，见 `gongkai audit head`。",
        (
            'There is no chain "{subject}": one is called system or item:NUMBER. See'
            " `gongkai audit head`."
        ),
    ),
    "error.no_such_calendar": (
        "没有第 {number} 版工作日历。用 `gongkai calendar history` 查看各版本。",
        "There is no version {number} of the calendar. See `gongkai calendar history`.",
    ),
    "error.no_such_clock": (
        "信息 {item} 没有正在计算的“{clock}”期限。用 `gongkai show` 查看它的期限。",
        "Item {item} has no running clock {clock}. See `gongkai show`.",
    ),
    "error.schedule_in_past": (
        "定时公开的时间 {value} 已过，请写将来的时间，或者去掉 --at 立即公开。",
        "{value} is past: name an instant to come, or leave --at out to publish now.",
    ),
    "error.instant_wrong": (
        "“{value}”不是时间，请写成 2017-02-10T09:00 或者 2017-02-10T09:00:00+08:00。",
        '"{value}" is no instant: write 2017-02-10T09:00 or 2017-02-10T09:00:00+08:00.',
    ),
    # Somebody was faster
    "error.seen_not_whole": (
        "“{value}”不是完整的内容摘要。请写全 64 位（见 `gongkai show`），或者写明版本，例如 12@3。",
        (
            '"{value}" is no whole digest. Give all 64 digits, as `gongkai show` prints them, or'
            " name the version, such as 12@3."
        ),
    ),
    "error.changed_since": (
        (
            "您看过之后，信息 {item} 已有变动：您看到的是{seen}，现在是版本 {version}，{state}。"
            "⟦最近一次变动：{at} 由{by}{event}。⟧请用 `gongkai show {item}` 重新查看后再办理。"
        ),
        (
            "Item {item} has changed since you saw it: you saw {seen}, now it is at version"
            ' {version}, in state "{state}".⟦ Last change: {event} by {by} on {at}.⟧'
            " Look at it with `gongkai show {item}` before you go on."
        ),
    ),
    "error.concurrent_change": (
        "有人同时改动了同一内容，本次操作没有生效。请查看最新情况后再试。",
        (
            "Somebody changed the same thing at the same moment, so nothing was done here. Look at"
            " it again and retry."
        ),
    ),
    "error.lease_lost": (
        "信息 {item} 的发布已由另一个进程接手，这里不再继续。",
        "Another process has taken over the publication of item {item}; this one stops here.",
    ),
    "error.plan_outdated": (
        "计划之后情况有变，没有改动。请重新运行 `gongkai policy plan`。",
        (
            "The office has moved on since that plan; nothing was changed. Run"
            " `gongkai policy plan` again."
        ),
    ),
    "error.key_used_before": (
        "--idempotency-key 的值“{key}”已用于另一项操作。只有重复同一操作时才用同一个值。",
        (
            'The value "{key}" of --idempotency-key was used for another call. Use the same value'
            " only to repeat the same call."
        ),
    ),
    "error.name_taken": (
        "账号名“{name}”已被使用。请换一个。",
        'The account name "{name}" is taken. Choose another one.',
    ),
    "error.display_name_taken": (
        "姓名“{name}”看上去和已有的一样。请加以区别，例如注明部门。",
        (
            'The display name "{name}" looks like one that is taken. Make them differ, for instance'
            " by the department."
        ),
    ),
    "error.office_exists": (
        "这里已经建立过系统，没有作任何改动。要另建一个，请用 GONGKAI_HOME 指定别的数据目录。",
        (
            "There is an office here already, and it was left as it is. For another one, set"
            " GONGKAI_HOME to a directory of its own."
        ),
    ),
    "error.purge_asked_before": (
        "清除 {target} 的申请已经提出，正等待另一人确认。",
        "The purge of {target} was asked for before and waits for somebody else to confirm it.",
    ),
    "error.delegation_over": (
        "第 {value} 号代理已于 {at} 结束。",
        "Delegation {value} was over on {at}.",
    ),
    "error.drafted_by_you": (
        "第 {item} 号本来就由您起草，不需要接办。",
        "Item {item} is yours already: there is nothing to take over.",
    ),
    "error.waiver_over": (
        "第 {value} 号豁免已于 {at} 结束。",
        "Waiver {value} was over on {at}.",
    ),
    "error.waiver_stands": (
        ("“{name}”已有第 {value} 号豁免。请先用 `gongkai waiver end {value}` 结束。"),
        'Waiver {value} of "{name}" holds already. End it first: `gongkai waiver end {value}`.',
    ),
    # Not there
    "error.no_such_waiver": (
        "没有第 {value} 号豁免。`gongkai waiver list --closed` 列出全部。",
        "There is no waiver {value}. `gongkai waiver list --closed` shows all.",
    ),
    "error.no_such_delegation": (
        "没有第 {value} 号代理。`gongkai delegate list --closed` 列出全部。",
        "There is no delegation {value}. `gongkai delegate list --closed` shows all.",
    ),
    "error.no_such_item": (
        "没有找到信息“{item}”，或者您无权查看。`gongkai list` 列出您可以查看的信息。",
        (
            'There is no item "{item}", or it is not yours to see. `gongkai list` shows those that'
            " are."
        ),
    ),
    "error.ambiguous_item": (
        "标题以“{value}”开头的信息不止一条：{known}。请改用信息编号。",
        'More than one title begins with "{value}": items {known}. Use the number instead.',
    ),
    "error.no_such_body": (
        "没有代码或者全称为“{value}”的机构。`gongkai organisation show` 列出全部机构。",
        (
            'There is no body with the code or full name "{value}". `gongkai organisation show`'
            " lists them all."
        ),
    ),
    "error.no_such_account": (
        "没有账号“{name}”，或者该账号已停用。",
        'There is no account "{name}", or it is disabled.',
    ),
    "error.no_such_attachment": (
        "该信息没有名为“{name}”的附件。⟦现有附件：{known}。⟧",
        'The item has no attached file "{name}".⟦ Its files: {known}.⟧',
    ),
    "error.no_such_policy": (
        "没有流程“{name}”。⟦可用的有：{known}。⟧",
        'There is no policy "{name}".⟦ Known ones: {known}.⟧',
    ),
    "error.no_such_organisation": (
        "没有随附的机构数据“{name}”。可用的有：{known}。",
        'No organisation called "{name}" comes with the program. Known ones: {known}.',
    ),
    "error.no_purge_asked": (
        "没有等待确认的清除申请：{target}。须先由管理员提出，再由另一人确认。",
        (
            "No purge of {target} waits to be confirmed. An administrator asks for it first, and"
            " somebody else confirms it."
        ),
    ),
    "error.no_purge_target": (
        "没有以 {target} 开头的修订、附件或者文字意见。请核对摘要。",
        "No revision, attached file or remark has a digest that begins with {target}. Check it.",
    ),
    "error.purge_target_wrong": (
        (
            "“{value}”不能确定要清除什么。"
            "请写修订或者文字意见的摘要，或者附件的 SHA-256，至少写前八位，并且只与一项相符。"
        ),
        (
            '"{value}" does not say what to purge. Give the digest of a revision or a remark, or'
            " the SHA-256 of a file: eight digits or more, enough to match one only."
        ),
    ),
    # People and logins
    "error.not_signed_in": (
        "您还没有登录。请运行 `gongkai login 账号名`。",
        "You are not signed in. Run `gongkai login NAME`.",
    ),
    "error.login_failed": (
        (
            "账号或者密码不对，也可能账号已停用，或者输错次数过多、须等一段时间（最长一小时）。"
            "忘记密码的，请管理员重置。"
        ),
        (
            "The name or the password is wrong, or the account is disabled, or it has to wait after"
            " too many wrong passwords (an hour at most). If the password is forgotten, ask the"
            " administrator for a new one."
        ),
    ),
    "error.one_time_expired": (
        "这个一次性密码已经过期。请管理员重置。",
        "This one-time password is too old. Ask the administrator for a new one.",
    ),
    "error.login_locked": (
        "密码输错次数过多，{until} 以前不能登录。请到时再试，或者请管理员重置密码。",
        (
            "Too many wrong passwords: the account cannot sign in before {until}. Try again then,"
            " or ask the administrator for a new password."
        ),
    ),
    "error.token_unknown": (
        "登录无效。请运行 `gongkai login 账号名` 重新登录。",
        "This login is not valid. Sign in again with `gongkai login NAME`.",
    ),
    "error.token_revoked": (
        "登录已被注销。请运行 `gongkai login {name}` 重新登录。",
        "This login was ended. Sign in again with `gongkai login {name}`.",
    ),
    "error.token_before_restore": (
        (
            "数据库可能是从备份恢复的，自 {at} 起暂停送出，此前的登录一律无效。请运行"
            " `gongkai login {name}` 重新登录。"
        ),
        (
            "The database may have been restored from a backup: everything is held back since {at},"
            " and no login from before counts. Sign in again with `gongkai login {name}`."
        ),
    ),
    "error.journal_unusable": (
        (
            "发送日志“{path}”无法读写（{problem}）。请检查该目录的权限和磁盘；在此之前不送出任何信息。"
        ),
        (
            'The send journal "{path}" cannot be read or written ({problem}). Look at the rights of'
            " its directory and at the disk; nothing is sent until then."
        ),
    ),
    "error.skip_wrong": (
        "--skip 应在 0 到 {limit} 之间，现为 {value}。",
        "--skip is a number from 0 to {limit}, not {value}.",
    ),
    "error.site_unreadable": (
        "不能读取站点目录“{path}”（{problem}），无法核对。请检查它的权限。",
        'The site in "{path}" cannot be read ({problem}). Check its modes and try again.',
    ),
    "error.token_expired": (
        "登录已于 {at} 到期。请运行 `gongkai login {name}` 重新登录。",
        "This login ended on {at}. Sign in again with `gongkai login {name}`.",
    ),
    "error.password_change_owed": (
        "账号“{name}”用的还是一次性密码，须先改密码。请运行 `gongkai password`。",
        (
            'The account "{name}" still has its one-time password. Change it first with'
            " `gongkai password`."
        ),
    ),
    "error.password_length": (
        "密码须有 {limit} 个以上字符（最多 1000 个）。请另选一个。",
        "A password has {limit} characters or more (at most 1000). Choose another one.",
    ),
    "error.password_too_easy": (
        "密码太容易猜中：不能含有账号名，至少用五种不同的字符。请另选一个。",
        (
            "The password is too easy to guess: it may not hold the account's name, and it needs"
            " five different characters. Choose another one."
        ),
    ),
    "error.password_same": (
        "新密码与旧密码相同。请另选一个。",
        "The new password is the same as the old one. Choose another one.",
    ),
    "error.account_name_wrong": (
        (
            "账号名“{name}”不能用。账号名为 3 至 64 个小写字母、数字、点、下划线或者连字符，"
            "以字母开头，以字母或者数字结尾；system 除外。"
        ),
        (
            'The account name "{name}" cannot be used. A name has 3 to 64 lower-case letters,'
            " digits, dots, underscores or hyphens, begins with a letter and ends with a letter or"
            ' a digit; "system" is taken.'
        ),
    ),
    # What was given
    "error.field_empty": (
        "请填写“{field}”：不能为空，也不能超过规定的长度。",
        'Fill in "{field}": it may be neither empty nor longer than allowed.',
    ),
    "error.search_empty": (
        "请写要找的词语：至少要有一个字、字母或者数字。",
        "Say what to look for: at least one letter, character or digit.",
    ),
    "error.field_too_long": (
        "“{field}”有 {length} 个字符，最多 {limit} 个。请缩短后再试。",
        '"{field}" has {length} characters; at most {limit} are allowed. Shorten it.',
    ),
    "error.field_unknown": (
        "没有“{field}”这一项。可以填写的有：{known}。",
        'There is no field "{field}". Known ones: {known}.',
    ),
    "error.field_wrong": (
        "“{field}”的内容不对：{value}。",
        '"{field}" is not right: {value}.',
    ),
    "error.action_not_performed": (
        "“{action}”要连同新的内容一起办理，不能单独办理。请用 `gongkai revise`。",
        '"{action}" goes with the new content and not by itself. Use `gongkai revise`.',
    ),
    "error.value_unknown": (
        "“{field}”不能是“{value}”。可以是：{known}。",
        '"{field}" cannot be "{value}". It can be: {known}.',
    ),
    "error.bad_character": (
        "“{field}”第 {position} 个字符（{character}）是看不见的控制字符，不能保存。请删去后再试。",
        (
            'Character {position} of "{field}" ({character}) is a control character that nobody'
            " sees and that cannot be kept. Remove it."
        ),
    ),
    "error.date_wrong": (
        "“{field}”中的“{value}”不是日期。请写成 2017-01-10 的样子。",
        '"{value}" in "{field}" is not a date. Write it like 2017-01-10.',
    ),
    "error.begins_in_past": (
        "不能从过去的日期（{value}）开始。最早从今天开始。",
        "It cannot begin on {value}, which is past. Today is the earliest day.",
    ),
    "error.ends_before_it_begins": (
        "最后一天（{value}）早于第一天（{day}）。请改正日期。",
        "Its last day, {value}, comes before its first, {day}. Correct the dates.",
    ),
    "error.lasts_too_long": (
        "最后一天（{value}）太晚：一次最长 {limit} 天，期满可再办理。",
        "It cannot last until {value}: {limit} days at most, and then it can be given again.",
    ),
    "error.waiver_lifts_nothing": (
        "请写明豁免事项：--own-text（本人拟写的信息）、--two-stages（两个环节）。",
        "Say what is lifted: --own-text, --two-stages or both.",
    ),
    "error.body_without_role": (
        "写明机构（{value}）时也要用 --role 写明角色。",
        "With a body ({value}) say the role too: --role.",
    ),
    "error.which_body": (
        "该人在多个机构担任{value}。请用 --body 写明是哪一个机构的。",
        "The person is {value} of several bodies. Say of which with --body.",
    ),
    "error.date_out_of_range": (
        "“{field}”的日期 {value} 不可能：须在 {earliest} 至 2999-12-31 之间。",
        'The date {value} in "{field}" is not possible: it lies between {earliest} and 2999-12-31.',
    ),
    "error.formed_in_future": (
        "生成日期 {formed_on} 晚于今天（{today}）。请改正。",
        "The formation date {formed_on} is later than today ({today}). Correct it.",
    ),
    "error.expires_before_effective": (
        "有效期至 {expires}，早于施行日期 {effective}。请改正其中一个。",
        "The last day in force, {expires}, is before the effective date, {effective}. Correct one.",
    ),
    "error.body_too_large": (
        "正文有 {size}，超过上限 {limit}。请改为附件，或者分成几条信息。",
        (
            "The body has {size}, more than the limit of {limit}. Attach it as a file, or make"
            " several items of it."
        ),
    ),
    "error.too_many_keywords": (
        "关键词有 {count} 个，最多 {limit} 个。请减少后再试。",
        "There are {count} keywords; at most {limit} are allowed. Leave some out.",
    ),
    "error.too_many_attachments": (
        "附件有 {count} 个，最多 {limit} 个。请合并或者减少后再试。",
        "There are {count} attached files; at most {limit} are allowed. Leave some out.",
    ),
    "error.attachment_too_large": (
        "附件“{name}”超过上限 {limit}。请压缩或者拆分后再试。",
        'The attached file "{name}" is larger than the limit of {limit}. Compress or split it.',
    ),
    "error.attachment_twice": (
        "附件“{name}”出现两次（不区分大小写和全角半角）。请改名，或者去掉一个。",
        (
            'The attached file "{name}" is there twice (upper and lower case, and full and half'
            " width, count as the same). Rename one or leave it out."
        ),
    ),
    "error.file_name_wrong": (
        (
            "文件名“{name}”不能用：不得以点或者空格开头、结尾，"
            '不得含有 / \\ : * ? " < > | 和看不见的字符。请改名后再试。'
        ),
        (
            'The file name "{name}" cannot be used: it may not begin or end with a dot or a space,'
            ' nor hold / \\ : * ? " < > | or characters that nobody sees. Rename the file.'
        ),
    ),
    "error.file_name_too_long": (
        "文件名“{name}”太长，最多 {limit} 字节（一个汉字占三字节）。请改短后再试。",
        (
            'The file name "{name}" is too long: at most {limit} bytes, of which a Chinese'
            " character takes three. Shorten it."
        ),
    ),
    "error.file_missing": (
        "没有找到文件“{path}”。请核对路径。",
        'There is no file "{path}". Check the path.',
    ),
    "error.row_file_unknown": (
        "不认识文件“{path}”的格式。文件名须以下列之一结尾：{known}。",
        'The format of "{path}" is not known. Its name has to end in one of: {known}.',
    ),
    "error.row_file_encoding": (
        "看不出文件“{path}”的编码。请另存为 UTF-8 后再试，或者用 --encoding 写明。",
        'The encoding of "{path}" is not known. Save it as UTF-8, or name it with --encoding.',
    ),
    "error.row_file_broken": (
        "文件“{path}”从第 {row} 行起读不下去（{problem}），一行也没有导入。请另存一份后再试。",
        (
            'The file "{path}" cannot be read from row {row} on ({problem}); nothing was imported'
            " from there. Save it anew and try again."
        ),
    ),
    "error.row_file_too_large": (
        "工作簿“{path}”展开后超过上限 {limit}。请分成几个文件，或者另存为 CSV。",
        'The workbook "{path}" is larger than {limit}. Split it, or save it as CSV.',
    ),
    "error.no_such_sheet": (
        "没有名为“{name}”的工作表，有：{known}。",
        'There is no sheet "{name}"; there are: {known}.',
    ),
    "error.row_too_long": (
        "这一行比标题行多出内容：标题只有 {count} 列。请核对是否多了分隔符。",
        "This row has more cells than there are headings ({count}). Check its delimiters.",
    ),
    "error.row_no_object": (
        "这一行不是 JSON 对象：须以花括号开头，写成一行。",
        "This line is no JSON object: one begins with a brace and stands on one line.",
    ),
    "error.row_says_twice": (
        "这一行把“{column}”写了两次，请只留一个。",
        'This line says "{column}" twice; keep one of them.',
    ),
    "error.sheet_full": (
        "一张工作表连标题最多 {limit} 行，其余没有写入。请改用 CSV 或 JSON Lines，或者缩小范围。",
        "A sheet holds {limit} rows at most; the rest was not written. Take CSV or JSON Lines.",
    ),
    "error.cell_no_text": (
        "“{column}”这一格不是文字。",
        'The cell "{column}" is no text.',
    ),
    "error.cell_no_date": (
        "“{column}”这一格的“{value}”不是日期，请写成 2017-01-10 或者 2017年1月10日。",
        '"{value}" in the cell "{column}" is no date: write 2017-01-10.',
    ),
    "error.cell_unknown": (
        "“{column}”这一格不能填“{value}”。⟦您要的是不是“{nearest}”？⟧可以填：{known}。",
        '"{column}" cannot be "{value}".⟦ Did you mean "{nearest}"?⟧ It can be: {known}.',
    ),
    "error.file_unreadable": (
        "不能读取文件“{path}”（{problem}）。请检查它的权限。",
        'The file "{path}" cannot be read ({problem}). Check its permissions.',
    ),
    "error.setting_twice": (
        "{name} 和 {name}_FILE 只能设置一个。",
        "Set {name} or {name}_FILE, not both.",
    ),
    "error.secret_empty": (
        "密钥文件“{path}”是空的。",
        'The file "{path}" is to hold a secret and is empty.',
    ),
    "error.file_not_utf8": (
        "文件“{path}”不是 UTF-8 编码。请另存为 UTF-8 后再试。",
        'The file "{path}" is not in UTF-8. Save it as UTF-8 and try again.',
    ),
    "error.file_too_large": (
        "文件“{path}”太大，最多 {limit} 字节。",
        'The file "{path}" is larger than {limit} bytes.',
    ),
    "error.file_not_toml": (
        "文件“{path}”不合 TOML 的写法：{problem}。",
        'The file "{path}" is not written as TOML requires: {problem}.',
    ),
    "error.unknown_category": (
        "没有目录分类“{value}”。可用的有：{known}。全部见 `gongkai policy show`。",
        (
            'There is no catalogue item "{value}". Known ones: {known}. `gongkai policy show` lists'
            " them all."
        ),
    ),
    "error.unknown_ground": (
        "没有理由代码“{value}”。可用的有：{known}。全部见 `gongkai policy show`。",
        (
            'There is no ground "{value}". Known ones: {known}. `gongkai policy show` lists them'
            " all."
        ),
    ),
    "error.unknown_channel": (
        "没有公开渠道“{value}”。可用的有：{known}。",
        'There is no disclosure channel "{value}". Known ones: {known}.',
    ),
    "error.key_wrong": (
        "--idempotency-key 的值须为 1 至 {limit} 个字符。",
        "The value of --idempotency-key has 1 to {limit} characters.",
    ),
    # Stored content
    "error.blob_missing": (
        "附件文件 {sha256} 不见了。请管理员从备份恢复。",
        "The attached file {sha256} is gone. The administrator has to restore it from a backup.",
    ),
    "error.blob_damaged": (
        "附件文件 {sha256} 的内容与入库时不同。请管理员查明原因并从备份恢复。",
        (
            "The attached file {sha256} is not what was stored. The administrator has to find out"
            " why and restore it from a backup."
        ),
    ),
    "error.attachment_damaged": (
        "附件“{name}”的内容与入库时不同（SHA-256 应为 {sha256}），没有发布。请管理员从备份恢复。",
        (
            'The attached file "{name}" is not what was stored (its SHA-256 should be {sha256}), so'
            " it was not published. The administrator has to restore it from a backup."
        ),
    ),
    "error.revision_damaged": (
        "{index_number} 的内容与摘要 {digest} 不符，没有发布。请管理员查明原因并从备份恢复。",
        (
            "The content of {index_number} does not match its digest {digest}, so it was not"
            " published. The administrator has to find out why and restore it from a backup."
        ),
    ),
    "error.policy_damaged": (
        (
            "保存的流程规则与其摘要 {digest} 不符，依此规则的事项都不能办理。"
            "请管理员查明原因并从备份恢复。"
        ),
        (
            "The stored policy does not match its digest {digest}, so nothing is done to items"
            " under it. The administrator has to find out why and restore it from a backup."
        ),
    ),
    "error.revision_format_unknown": (
        "这份修订的格式本程序不认识，可能是较新的程序写的。请升级程序。",
        (
            "This program does not know the format of this revision; a newer one may have written"
            " it. Install the newer program."
        ),
    ),
    "error.delivery_broke": (
        "发布时程序出错（{problem}），不影响其他信息。将自动再试；如反复出现，请报告管理员。",
        (
            "The program broke while delivering ({problem}); other items are not affected. It is"
            " tried again by itself; tell the administrator if it goes on."
        ),
    ),
    "error.content_purged_before": (
        "信息 {item} 的内容在发布之前已被清除，不能发布。依据见 `gongkai history {item}`。",
        (
            "The content of item {item} was purged before it could be published."
            " `gongkai history {item}` tells on what ground."
        ),
    ),
    "error.append_only": (
        "这些记录只能增加，不能修改或者删除；本次操作没有生效。请管理员查明原因（{problem}）。",
        (
            "These records can be added to and never changed or removed, so nothing was done. The"
            " administrator has to find out what tried to ({problem})."
        ),
    ),
    "error.blob_store_unreadable": (
        "不能读取附件存储（{problem}）。请管理员检查数据目录的权限和磁盘。",
        (
            "The store of attached files cannot be read ({problem}). The administrator has to check"
            " the permissions of the data directory, and the disk."
        ),
    ),
    "error.blob_store_unwritable": (
        "不能写入附件存储（{problem}），没有作任何改动。请管理员检查数据目录的权限和剩余空间。",
        (
            "The store of attached files cannot be written to ({problem}); nothing was changed. The"
            " administrator has to check the permissions of the data directory, and its free space."
        ),
    ),
    # The database
    "error.no_office_here": (
        (
            "“{path}”没有本系统的数据。初次使用请运行 `gongkai init`；"
            "已经建立过的，请核对 GONGKAI_HOME 或者 GONGKAI_DATABASE_URL。"
        ),
        (
            'There is no office at "{path}". To make one, run `gongkai init`; if there should be'
            " one, check GONGKAI_HOME or GONGKAI_DATABASE_URL."
        ),
    ),
    "error.no_office": (
        "数据库是空的，系统还没有建立。请运行 `gongkai init`。",
        "The database is empty: no office was made in it. Run `gongkai init`.",
    ),
    "error.schema_old": (
        "数据库的结构（{have}）比程序（{want}）旧。请管理员备份后运行 `gongkai upgrade`。",
        (
            "The database ({have}) is older than the program ({want}). The administrator has to"
            " make a backup and run `gongkai upgrade`."
        ),
    ),
    "error.schema_new": (
        "数据库的结构（{have}）比程序（{want}）新。请管理员升级程序。",
        (
            "The database ({have}) is newer than the program ({want}). The administrator has to"
            " install the newer program."
        ),
    ),
    "error.database_busy": (
        "数据库正忙，本次操作没有生效。请稍后再试。",
        "The database is busy, so nothing was done. Try again in a moment.",
    ),
    "error.database_unreachable": (
        "连接不上数据库（{problem}）。请稍后再试；仍然不行的，请管理员检查数据库服务及其地址。",
        (
            "The database cannot be reached ({problem}). Try again in a moment; if that does not"
            " help, the administrator has to check the database server and its address."
        ),
    ),
    "error.database_readonly": (
        "数据库只能读、不能写（{problem}），本次操作没有生效。请管理员检查它的权限。",
        (
            "The database can be read but not written to ({problem}), so nothing was done. The"
            " administrator has to check its permissions."
        ),
    ),
    "error.database_damaged": (
        "数据库已损坏（{problem}）。请停止使用，由管理员从备份恢复。",
        (
            "The database is damaged ({problem}). Stop using it; the administrator has to restore"
            " it from a backup."
        ),
    ),
    "error.database_url_wrong": (
        (
            "GONGKAI_DATABASE_URL 不是可用的数据库地址。"
            "请写成 sqlite:///路径 或者 postgresql://用户@主机/库名。"
        ),
        (
            "GONGKAI_DATABASE_URL is no address of a database that can be used. Write"
            " sqlite:///PATH or postgresql://USER@HOST/NAME."
        ),
    ),
    "error.disk_full": (
        "磁盘已满（{problem}），本次操作没有生效。请管理员腾出空间后再试。",
        (
            "The disk is full ({problem}), so nothing was done. The administrator has to make room"
            " on it."
        ),
    ),
    "error.disk_error": (
        "磁盘读写出错（{problem}），本次操作没有生效。请管理员检查磁盘。",
        (
            "The disk does not work as it should ({problem}), so nothing was done. The"
            " administrator has to check it."
        ),
    ),
    # The site
    "error.site_not_writable": (
        "不能写入站点目录中的“{path}”（{reason}）。请管理员检查它的权限，系统会自动再试。",
        (
            '"{path}" on the site cannot be written to ({reason}). The administrator has to check'
            " its permissions; it is tried again by itself."
        ),
    ),
    "error.site_full": (
        "站点所在的磁盘已满，不能写入“{path}”（{reason}）。请管理员腾出空间，系统会自动再试。",
        (
            'The disk of the site is full, so "{path}" cannot be written ({reason}). The'
            " administrator has to make room on it; it is tried again by itself."
        ),
    ),
    "error.site_busy": (
        "另一个进程正在写入站点目录“{path}”。系统会自动再试。",
        'Another process is writing to the site in "{path}". It is tried again by itself.',
    ),
    "error.site_not_ours": (
        (
            "目录“{path}”中有别的内容，没有作任何改动。"
            "请管理员把 GONGKAI_SITE_DIRECTORY 设为一个空目录。"
        ),
        (
            'The directory "{path}" holds something else and was left as it is. The administrator'
            " has to set GONGKAI_SITE_DIRECTORY to an empty one."
        ),
    ),
    "error.site_not_listed": (
        "{index_number} 的页面已经写好，但目录页“{path}”没有列出它。系统会自动再试。",
        (
            'The page of {index_number} is written, but the index in "{path}" does not list it. It'
            " is tried again by itself."
        ),
    ),
    "error.site_name_unsafe": (
        "“{name}”不能用作站点上的路径，没有发布。请管理员检查流程中索引号的写法。",
        (
            '"{name}" cannot be part of an address on the site, so it was not published. The'
            " administrator has to check the policy's template of index numbers."
        ),
    ),
    "error.site_bad_address": (
        "站点网址⟦“{address}”⟧不对，须以 http:// 或者 https:// 开头，并写明主机。",
        (
            'The address of the site⟦, "{address}",⟧ is wrong. It begins with http:// or https://'
            " and names a host."
        ),
    ),
    # Alerts on their way out
    "error.address_wrong": (
        "“{value}”不能用作{channel}的地址：{problem}。",
        'The channel "{channel}" has no address "{value}": {problem}.',
    ),
    "error.alert_unreachable": (
        (
            "与{channel}服务器 {peer} 的连接没有建立或者中断⟦（{reason}）⟧，消息没有发出。"
            "系统会自动再试。"
        ),
        (
            "There was no connection to {peer} ({channel})⟦: {reason}⟧, so nothing was sent. It is"
            " tried again by itself."
        ),
    ),
    "error.alert_timed_out": (
        "{channel}服务器 {peer} 在 {seconds} 秒内没有应答，消息没有发出。系统会自动再试。",
        (
            "{peer} ({channel}) did not answer within {seconds} seconds, so nothing was sent. It is"
            " tried again by itself."
        ),
    ),
    "error.alert_put_off": (
        "{channel}服务器 {peer} 暂时不接收消息（代码 {status}）。系统会自动再试。",
        "{peer} ({channel}) takes nothing now (code {status}). It is tried again by itself.",
    ),
    "error.alert_office_refused": (
        (
            "{channel}服务器 {peer} 不接受本单位的连接、登录或者发件地址（代码 {status}）。"
            "请管理员检查 GONGKAI_SMTP_URL 和 GONGKAI_MAIL_FROM；消息没有丢失，改好后会自动发出。"
        ),
        (
            "{peer} ({channel}) refuses this office's connection, login or sender (code {status})."
            " The administrator has to check GONGKAI_SMTP_URL and GONGKAI_MAIL_FROM; nothing is"
            " lost, and it is sent by itself afterwards."
        ),
    ),
    "error.alert_insecure": (
        (
            "与{channel}服务器 {peer} 的连接不能安全建立（{reason}），消息没有发出。"
            "请管理员检查证书和设置；改好后会自动发出。"
        ),
        (
            "The connection to {peer} ({channel}) cannot be made safely ({reason}), so nothing was"
            " sent. The administrator has to check certificate and settings; it is sent by itself"
            " afterwards."
        ),
    ),
    "error.alert_proxy_failed": (
        (
            "代理服务器不转发{channel}的消息（代码 {status}）。请管理员检查 GONGKAI_ALERT_PROXY；"
            "改好后会自动发出。"
        ),
        (
            "The proxy does not pass on what is for {channel} (code {status}). The administrator"
            " has to check GONGKAI_ALERT_PROXY; it is sent by itself afterwards."
        ),
    ),
    "error.alert_not_written": (
        (
            "不能把消息写入{channel}“{path}”⟦（{reason}）⟧。请管理员检查权限和磁盘空间；"
            "系统会自动再试。"
        ),
        (
            'The message cannot be written to the {channel} "{path}"⟦ ({reason})⟧. The'
            " administrator has to check permissions and disk; it is tried again by itself."
        ),
    ),
    "error.alert_refused": (
        "{channel}服务器 {peer} 拒收这条消息（代码 {status}），不再向这个地址重试。",
        (
            "{peer} ({channel}) has refused the message for good (code {status}). It is not tried"
            " at this address again."
        ),
    ),
    "error.alert_address_unsupported": (
        "{channel}服务器 {peer} 不支持含非英文字符的地址，不再向这个地址重试。",
        (
            "{peer} ({channel}) knows no addresses beyond ASCII. It is not tried at this address"
            " again."
        ),
    ),
    "error.alert_unanswered": (
        "消息已全部发给{channel}服务器 {peer}，但没有收到答复，不能确定是否送达。",
        (
            "The message was sent to {peer} ({channel}) as a whole, and no answer came: whether it"
            " was taken is not known."
        ),
    ),
    # Settings
    "error.setting_wrong": (
        "设置 {name} 的值“{value}”不对：{problem}⟦（{bound}）⟧。",
        'The setting {name} cannot be "{value}": {problem}⟦ ({bound})⟧.',
    ),
    "error.setting_unknown": (
        "文件“{path}”中的“{name}”不是本系统的设置。已有的设置：{known}。",
        'There is no setting "{name}", which stands in "{path}". Known ones: {known}.',
    ),
    # The policy
    "error.policy_key_missing": (
        "流程“{path}”中缺少“{where}”。",
        'The policy "{path}" lacks "{where}".',
    ),
    "error.policy_key_unknown": (
        "流程“{path}”中的“{where}”不是规定的项目。可用的有：{known}。",
        'The policy "{path}" holds "{where}", which means nothing. Known keys: {known}.',
    ),
    "error.policy_value_wrong": (
        "流程“{path}”中“{where}”的值不对：{value}。",
        'In the policy "{path}", "{where}" cannot be: {value}.',
    ),
    "error.policy_stage_like_state": (
        "流程“{path}”中“{where}”不能叫“{value}”，这是一个状态的名称。请换一个名称。",
        'In the policy "{path}", "{where}" cannot be "{value}": that is a state. Rename the stage.',
    ),
    "error.policy_too_many_stages": (
        "流程“{path}”（{where}）有 {count} 个环节，最多 {limit} 个。",
        'The policy "{path}" has {count} stages ({where}); at most {limit} are possible.',
    ),
    "error.policy_template_wrong": (
        (
            "流程“{path}”中“{where}”的值不对：{value}。"
            "须有 {{body}}、{{year}} 和 {{serial}}，可以加 {{month}}；"
            "只有 {{serial}} 可以带格式，例如 {{serial:05d}}；"
            "{{body}} 和 {{serial}} 与其他部分之间要有分隔符；"
            "最多用一个“/”，前后两段都要有这些部分；其余只用文字、数字和 - _ . ( ) 〔 〕。"
        ),
        (
            'In the policy "{path}", "{where}" cannot be: {value}. It needs {{body}}, {{year}} and'
            " {{serial}}, and may have {{month}}; only {{serial}} takes a format, such as"
            " {{serial:05d}}; something that is neither letter nor digit keeps {{body}} and"
            " {{serial}} apart from the rest; at most one slash, with one of these on either side;"
            " beside them letters, digits and - _ . ( ) 〔 〕."
        ),
    ),
    "error.policy_code_twice": (
        "流程“{path}”中“{where}”的代码“{value}”重复。",
        'In the policy "{path}", the code "{value}" of "{where}" is there twice.',
    ),
    "error.policy_extends_unknown": (
        "流程“{path}”要在“{name}”的基础上修改，但没有这个流程。可用的有：{known}。",
        'The policy "{path}" extends "{name}", which there is not. Known ones: {known}.',
    ),
    "error.policy_no_sign_off": (
        "流程“{path}”缺少审核签字环节（{where}）。",
        'The policy "{path}" has no stage of the kind sign_off ({where}).',
    ),
    "error.policy_no_seal": (
        "流程“{path}”缺少用印环节（{where}）。",
        'The policy "{path}" has no stage of the kind seal ({where}).',
    ),
    "error.policy_no_confidentiality_review": (
        "流程“{path}”缺少保密审查环节（{where}）；法律要求先审查、后公开。",
        (
            'The policy "{path}" has no stage of the kind confidentiality_review ({where}); the law'
            " demands review before disclosure."
        ),
    ),
    "error.policy_two_confidentiality_reviews": (
        "流程“{path}”有两个保密审查环节（{where}），只能有一个。",
        'The policy "{path}" has more than one confidentiality review ({where}); it needs one.',
    ),
    "error.policy_no_final_review": (
        "流程“{path}”缺少终审环节（{where}）。",
        'The policy "{path}" has no stage of the kind final_review ({where}).',
    ),
    "error.policy_final_review_not_last": (
        "流程“{path}”的终审不是最后一个环节（{where}）。请把它移到最后。",
        'In the policy "{path}", the final review is not the last stage ({where}). Move it there.',
    ),
    "error.policy_ladder_ends": (
        "流程“{path}”的催办阶梯（{where}）不完整：法定期限至少要有一级，最后须有每周一级（weekly）。",
        (
            'The ladder of the policy "{path}" ({where}) ends too soon: the clocks of the law need'
            " at least one step, and a weekly one after the last."
        ),
    ),
    "error.policy_proof_failed": (
        "这个流程不能使用：检验发现 {count} 处可以绕过必经环节或者走不下去，第一处是 {fault}。",
        (
            "This policy cannot be used: in {count} places a required stage can be passed by or"
            " nothing leads on. The first one: {fault}."
        ),
    ),
    # The organisation
    "error.organisation_too_large": (
        "机构文件“{path}”超过上限 {limit}。",
        'The organisation file "{path}" is larger than the limit of {limit}.',
    ),
    "error.organisation_key_missing": (
        "“{path}”第 {line} 行：缺少“{key}”。",
        '"{path}", line {line}: "{key}" is missing.',
    ),
    "error.organisation_key_unknown": (
        "“{path}”第 {line} 行：“{key}”不是规定的项目。可用的有：{known}。",
        '"{path}", line {line}: "{key}" means nothing here. Known keys: {known}.',
    ),
    "error.organisation_value_wrong": (
        "“{path}”第 {line} 行：“{key}”的值“{value}”不对。",
        '"{path}", line {line}: "{key}" cannot be "{value}".',
    ),
    "error.organisation_twice": (
        "“{path}”第 {line} 行：“{key}”的值“{value}”与第 {first_line} 行重复。",
        '"{path}", line {line}: the value "{value}" of "{key}" is also on line {first_line}.',
    ),
    "error.organisation_code_shape": (
        "“{path}”第 {line} 行：机构代码“{value}”不对，须为 2 至 18 个大写字母、数字或者连字符。",
        (
            '"{path}", line {line}: "{value}" is no code of a body. A code has 2 to 18 capital'
            " letters, digits or hyphens."
        ),
    ),
    "error.organisation_code_check": (
        (
            "“{path}”第 {line} 行：机构代码“{value}”的校验码不对（{standard}）。"
            "请核对证书上的代码；自编的代码请加连字符，例如 MM-CENTRE。"
        ),
        (
            '"{path}", line {line}: the check character of the code "{value}" is wrong'
            " ({standard}). Compare it with the body's certificate; a code of your own has a"
            " hyphen, such as MM-CENTRE."
        ),
    ),
    "error.organisation_kind_unknown": (
        "“{path}”第 {line} 行：没有机构类别“{value}”。可用的有：{known}。",
        '"{path}", line {line}: there is no kind of body "{value}". Known kinds: {known}.',
    ),
    "error.organisation_merged_into_unknown": (
        "“{path}”第 {line} 行：并入的机构“{value}”须是本文件里没有撤销的部门、乡镇或者街道。",
        (
            '"{path}", line {line}: "{value}" has to be a department, township or sub-district of'
            " this file that goes on."
        ),
    ),
    "error.organisation_point_kind_unknown": (
        "“{path}”第 {line} 行：没有公共查阅点类别“{value}”。可用的有：{known}。",
        (
            '"{path}", line {line}: there is no kind of reading point "{value}". Known kinds:'
            " {known}."
        ),
    ),
    "error.organisation_duty_unknown": (
        "“{path}”第 {line} 行：没有督办职责“{value}”。可用的有：{known}。",
        '"{path}", line {line}: there is no duty of a group "{value}". Known duties: {known}.',
    ),
    "error.organisation_kind_count": (
        "“{path}”第 {line} 行：类别为 {kind} 的机构应有一个，现有 {count} 个。",
        '"{path}", line {line}: there has to be one body of the kind {kind}; there are {count}.',
    ),
    "error.organisation_samples_mixed": (
        "“{path}”第 {line} 行：样例机构和真实机构不能放在同一个文件中。",
        '"{path}", line {line}: samples and real bodies cannot be in the same file.',
    ),
    "error.organisation_sample_unmarked": (
        "“{path}”第 {line} 行：样例的“{key}”须带有“{mark}”，现为“{value}”。",
        '"{path}", line {line}: the "{key}" of a sample has to hold "{mark}"; it is "{value}".',
    ),
    "error.organisation_mark_on_real": (
        "“{path}”第 {line} 行：“{value}”带有样例标志“{mark}”，但没有写明是样例（sample = true）。",
        (
            '"{path}", line {line}: "{value}" holds the mark of a sample, "{mark}", but does not'
            " say that it is one (sample = true)."
        ),
    ),
    # Calendars
    "error.outside_calendar": (
        "日历只有 {first} 至 {last}，从 {day} 起算超出了这个范围，不能计算。",
        (
            "The calendar reaches from {first} to {last}, and a count from {day} leads out of it,"
            " so there is no answer."
        ),
    ),
    "error.calendar_year_missing": (
        "日历缺少 {year} 年的安排，年份不能间断。请先导入该年的放假通知。",
        (
            "The calendar lacks the year {year}, and no year may be left out. Import the notice for"
            " that year first."
        ),
    ),
    "error.calendar_year_twice": (
        "日历中 {year} 年出现两次。请去掉一个。",
        "The calendar holds the year {year} twice. Leave one out.",
    ),
    "error.calendar_amends_nothing": (
        "文件调整 {year} 年的安排，但日历中还没有这一年。请先导入该年的放假通知。",
        (
            "The file amends the year {year}, which the calendar does not know. Import the notice"
            " for that year first."
        ),
    ),
    "error.calendar_format_unknown": (
        "不认识文件“{path}”的格式。文件名须以下列之一结尾：{known}。",
        'The format of "{path}" is not known. Its name has to end in one of: {known}.',
    ),
    "error.calendar_too_large": (
        "日历文件“{path}”超过上限 {limit}。请核对是不是选错了文件。",
        'The calendar file "{path}" is larger than the limit of {limit}. Check that it is one.',
    ),
    "error.calendar_empty": (
        "“{path}”第 {line} 行：文件中没有任何放假或者上班的日子。",
        '"{path}", line {line}: the file holds no day off and no day of work.',
    ),
    "error.calendar_not_utf8": (
        "“{path}”第 {line} 行：不是 UTF-8 编码。请另存为 UTF-8 后再试。",
        '"{path}", line {line}: this is not UTF-8. Save the file as UTF-8 and try again.',
    ),
    "error.calendar_not_toml": (
        "“{path}”第 {line} 行：不合 TOML 的写法：{problem}。",
        '"{path}", line {line}: this is not written as TOML requires: {problem}.',
    ),
    "error.calendar_not_json": (
        "“{path}”第 {line} 行：不合 JSON 的写法：{problem}。",
        '"{path}", line {line}: this is not written as JSON requires: {problem}.',
    ),
    "error.calendar_not_icalendar": (
        "“{path}”第 {line} 行：不合 iCalendar 的写法：{value}。",
        '"{path}", line {line}: this is not written as iCalendar requires: {value}.',
    ),
    "error.calendar_key_missing": (
        "“{path}”第 {line} 行：缺少“{key}”。",
        '"{path}", line {line}: "{key}" is missing.',
    ),
    "error.calendar_key_unknown": (
        "“{path}”第 {line} 行：“{key}”不是规定的项目。可用的有：{known}。",
        '"{path}", line {line}: "{key}" means nothing here. Known keys: {known}.',
    ),
    "error.calendar_value_wrong": (
        "“{path}”第 {line} 行：“{key}”的值不对：{value}。",
        '"{path}", line {line}: "{key}" cannot be: {value}.',
    ),
    "error.calendar_not_a_date": (
        "“{path}”第 {line} 行：“{value}”不是一天的日期。",
        '"{path}", line {line}: "{value}" is not the date of a day.',
    ),
    "error.calendar_range_wrong": (
        "“{path}”第 {line} 行：“{value}”的起止不对：结束不得早于开始，最长一年。",
        (
            '"{path}", line {line}: "{value}" is no span of days: it ends no earlier than it begins'
            " and lasts a year at most."
        ),
    ),
    "error.calendar_year_unknown": (
        "“{path}”第 {line} 行：年份“{value}”不对，须在 {first} 至 {last} 之间。",
        '"{path}", line {line}: "{value}" is no year of the calendar, {first} to {last}.',
    ),
    "error.calendar_year_twice_in_file": (
        "“{path}”第 {line} 行：{year} 年的安排已在前面写过。对它的调整须写 amends = true。",
        (
            '"{path}", line {line}: the year {year} was arranged before. A notice that changes it'
            " says amends = true."
        ),
    ),
    "error.calendar_notice_missing": (
        "“{path}”第 {line} 行：没有写明 {year} 年的安排依据哪一份通知。请补上通知。",
        (
            '"{path}", line {line}: nothing says which notice arranges the year {year}. Name the'
            " notice."
        ),
    ),
    "error.calendar_notice_undated": (
        "“{path}”第 {line} 行：通知没有日期。请写明印发日期（issued）或者公布日期（published）。",
        '"{path}", line {line}: the notice has no date. Give the date "issued" or "published".',
    ),
    "error.calendar_notice_not_needed": (
        "文件“{path}”自带通知，不能再另外写明通知。",
        'The file "{path}" carries its notices, so none can be given beside it.',
    ),
    "error.calendar_notice_without_days": (
        "“{path}”第 {line} 行：通知没有改变任何一天。",
        '"{path}", line {line}: the notice turns no day.',
    ),
    "error.calendar_amendment_too_early": (
        "“{path}”第 {line} 行：调整通知⟦“{number}”⟧的日期早于它所调整的通知。",
        '"{path}", line {line}: the amendment⟦ {number}⟧ is older than the notice that it amends.',
    ),
    "error.calendar_day_twice": (
        "“{path}”第 {line} 行：{day} 已在第 {first_line} 行写过。",
        '"{path}", line {line}: {day} is on line {first_line} already.',
    ),
    "error.calendar_day_both": (
        "“{path}”第 {line} 行：{day} 在这里和第 {first_line} 行一处放假、一处上班，互相矛盾。",
        (
            '"{path}", line {line}: of {day}, this line and line {first_line} say the opposite: off'
            " and worked."
        ),
    ),
    "error.calendar_day_outside_year": (
        "“{path}”第 {line} 行：{day} 不在 {year} 年的安排所能涉及的日期之内。",
        '"{path}", line {line}: {day} lies outside of what a notice for {year} can reach.',
    ),
    "error.calendar_day_unknown": (
        "“{path}”第 {line} 行：日历只有 {first} 至 {last}，{day} 不在其中。",
        '"{path}", line {line}: the calendar reaches from {first} to {last}, without {day}.',
    ),
    "error.calendar_work_on_weekday": (
        "“{path}”第 {line} 行：{day} 本来就是工作日，不能写作补班。请核对日期。",
        (
            '"{path}", line {line}: {day} is no weekend day, so it cannot be turned into a working'
            " day. Check the date."
        ),
    ),
    "error.calendar_key_twice": (
        "“{path}”第 {line} 行：同一处“{key}”写了两次。",
        '"{path}", line {line}: "{key}" is given twice in one place.',
    ),
    "error.calendar_event_recurs": (
        "“{path}”第 {line} 行：日程是重复发生的（{key}），不能用作放假安排。请逐次写明。",
        '"{path}", line {line}: the event recurs ({key}). Write each of its days as an event.',
    ),
    "error.calendar_event_not_whole_days": (
        "“{path}”第 {line} 行：“{value}”不是中国时间的零点，日程须为整天。",
        '"{path}", line {line}: "{value}" is no midnight in China, and an event has whole days.',
    ),
    "error.calendar_event_unclear": (
        "“{path}”第 {line} 行：“{value}”没有说明是放假还是上班。请在标题中写明“休”或者“班”。",
        (
            '"{path}", line {line}: "{value}" does not say whether the day is off or worked. Its'
            " summary needs the mark of either."
        ),
    ),
    # Deadlines
    "error.deadline_rule_wrong": (
        "时限规则“{rule}”中“{key}”的值不对：{value}。",
        'In the deadline rule "{rule}", "{key}" cannot be: {value}.',
    ),
    "error.deadline_rule_twice": (
        "时限规则“{rule}”出现两次。请改名，或者去掉一条。",
        'The deadline rule "{rule}" is there twice. Rename one or leave it out.',
    ),
    "error.deadline_rules_overlap": (
        "时限规则“{rule}”和“{other}”会同时适用于同一条信息。请改动其中一条的日期或者分类。",
        (
            'The deadline rules "{rule}" and "{other}" would govern the same item. Change the dates'
            " or the categories of one."
        ),
    ),
    "error.period_wrong": (
        "期间的末日 {last} 早于首日 {first}。请改正其中一个。",
        "The period ends on {last}, before it begins on {first}. Correct one of the dates.",
    ),
    "error.deadline_pause_wrong": (
        "中止计算的结束日期 {ended} 早于开始日期 {begun}。请改正其中一个。",
        "The pause ends on {ended}, before it begins on {begun}. Correct one of the dates.",
    ),
    "error.deadline_not_pausable": (
        "时限规则“{rule}”不允许中止计算。",
        'The deadline rule "{rule}" allows no pause.',
    ),
    # Reading points
    "error.copies_wrong": (
        "份数不对：纸质 {paper} 份、电子 {electronic} 份。至少一份，各不超过 {limit} 份。",
        (
            "{paper} copies on paper and {electronic} electronic ones cannot be: at least one, and"
            " at most {limit} of each."
        ),
    ),
    "error.month_wrong": (
        "“{value}”不是月份。请按 YYYY-MM 填写，例如 2017-03。",
        '"{value}" is no month. Write it as YYYY-MM, such as 2017-03.',
    ),
    "error.no_delivery_here": (
        "信息 {item} 没有送交到这里，或者您无权办理。",
        "Item {item} was not delivered there, or it is not yours to deal with.",
    ),
    "error.no_such_list": (
        "没有编号为“{number}”的送交目录表，或者您无权查看。",
        'There is no delivery list "{number}", or it is not yours to see.',
    ),
    "error.no_withdrawal_asked": (
        "没有人申请从“{point}”撤回信息 {item}。",
        "Nobody asked to withdraw item {item} from {point}.",
    ),
    "error.body_or_outside": (
        "请写明征求哪个机关的意见：系统内的用 --body，系统外的用 --outside，二者选一。",
        "Name the body that is asked: --body for one of this organisation, --outside for another.",
    ),
    "error.no_such_consultation": (
        "信息 {item} 没有第 {number} 号征求意见。",
        "Item {item} has no consultation {number}.",
    ),
    "error.which_consultation": (
        "有几个征求意见，请写明是哪一个（--consultation）：{known}。",
        "There are several consultations; say which (--consultation): {known}.",
    ),
    "error.which_point": (
        "该信息送交了您的几个查阅点，请写明是哪一个（--point）：{known}。",
        "It was delivered to several of your reading points; say which (--point): {known}.",
    ),
    "error.withdrawal_asked_before": (
        "已有人申请从“{point}”撤回信息 {item}，等待批准。",
        "The withdrawal of item {item} from {point} was asked for before and waits for approval.",
    ),
    # Jobs and what runs them
    "error.already_running": (
        "`gongkai run` 已在这个数据目录运行（{path}）。",
        "`gongkai run` runs in this data directory already ({path}).",
    ),
    "error.home_unwritable": (
        "不能写入数据目录“{path}”（{problem}）。",
        'The data directory "{path}" cannot be written to ({problem}).',
    ),
    "error.site_elsewhere": (
        "公开站点不在这台机器上：请设置 GONGKAI_SITE_DIRECTORY，或者在有站点的机器上运行。",
        "The site is not on this machine. Set GONGKAI_SITE_DIRECTORY, or run it where it is.",
    ),
    "error.metrics_unavailable": (
        "不能在 {place} 提供监控数据（{problem}）。请检查 GONGKAI_METRICS_PORT。",
        "Metrics cannot be had at {place} ({problem}). Check GONGKAI_METRICS_PORT.",
    ),
    "error.broker_missing": (
        "没有设置消息队列地址（GONGKAI_BROKER_URL）。不用 Redis 时请用 `gongkai run`。",
        "GONGKAI_BROKER_URL is not set. Without Redis, use `gongkai run`.",
    ),
    "error.broker_wrong": (
        "消息队列地址（GONGKAI_BROKER_URL）不对，须以 {known} 开头，并写明主机。",
        "GONGKAI_BROKER_URL is wrong: it begins with one of {known}, and names a host.",
    ),
    "error.broker_unreachable": (
        "连接不上 {place} 的 Redis（{problem}）。",
        "Redis at {place} does not answer ({problem}).",
    ),
    "error.broker_evicts": (
        "{place} 的 Redis 内存不足时会丢弃数据（maxmemory-policy {value}），须设为 noeviction。",
        (
            "Redis at {place} throws data away when memory runs out (maxmemory-policy {value}); it"
            " has to be noeviction."
        ),
    ),
    "error.broker_forgets": (
        "{place} 的 Redis 没有持久化，重启后排队的任务会丢失（数据库不会）。建议 appendonly yes。",
        (
            "Redis at {place} keeps nothing on disk: after a restart calls are lost, and nothing"
            " that stands in the database is. Better: appendonly yes."
        ),
    ),
    "error.broker_unchecked": (
        "{place} 的 Redis 不许查看设置，不知道是否持久化。",
        "Redis at {place} does not let its settings be seen, so it may keep nothing on disk.",
    ),
    "error.beat_entry_unknown": (
        "定时表中的“{name}”要求执行没有登记的任务“{value}”。",
        'The schedule\'s "{name}" asks for a task "{value}" that nobody has registered.',
    ),
    "error.beat_queue_unknown": (
        "定时表中的“{name}”要求放入没有的队列“{value}”。",
        'The schedule\'s "{name}" asks for a queue "{value}" that is not there.',
    ),
    "error.time_zone_wrong": (
        "时区“{value}”不是东八区。须为 Asia/Shanghai。",
        'The time zone "{value}" is not that of China: it has to be Asia/Shanghai.',
    ),
    "error.calendar_ended": (
        "工作日历只到 {horizon}，今天是 {today}。请导入新的通知：`gongkai calendar apply`。",
        (
            "The calendar ends on {horizon}, and today is {today}. Bring in the notice of the State"
            " Council: `gongkai calendar apply`."
        ),
    ),
}
