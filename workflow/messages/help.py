"""What a command is for, what its parameters mean, and how it is called.

The first line of a command stands alone in lists; lines that begin with ``$`` are examples, the
same in both languages, and are tried by a test.
"""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "help.gongkai": (
        (
            "政府信息公开的办理：从拟稿到发布，每一步由有权的人依据看过的内容作出决定。\n\n"
            "在空白机器上先看演示：\n"
            "$ gongkai demo\n\n"
            "每个命令都有自己的说明：\n"
            "$ gongkai sign-off --help"
        ),
        (
            "Carries government information from draft to published: at each step somebody who may"
            " decides on what they have seen.\n\n"
            "To see it at work on an empty machine:\n"
            "$ gongkai demo\n\n"
            "Every command has help of its own:\n"
            "$ gongkai sign-off --help"
        ),
    ),
    # Everywhere
    "help.option.json": (
        "输出一个 JSON 文档，供程序读取。",
        "Answer with one JSON document, for programs.",
    ),
    "help.option.lang": (
        "所用语言；默认按 GONGKAI_LANG，再按系统区域设置。",
        "Language; by default that of GONGKAI_LANG, then that of the locale.",
    ),
    "help.option.debug": ("出错时显示详细过程。", "Show the traceback of an error."),
    "help.option.version": ("显示版本后退出。", "Show the version and exit."),
    "help.option.help": ("显示本说明后退出。", "Show this help and exit."),
    "help.option.dry_run": (
        "试运行：说明会发生什么、为什么不行，不作任何改动。",
        "Tell what would happen, or why not, and change nothing.",
    ),
    "help.option.idempotency_key": (
        "防重复标识：用同一个值重复同一操作，只办理一次。多条信息时各自为 KEY:编号。",
        (
            "Repeating the same call with the same KEY does it once. With several items each has"
            " KEY:NUMBER."
        ),
    ),
    "help.option.seen": (
        "所依据内容的摘要（64 位，写全），代替 ITEM@VERSION；只用于一条信息。",
        ("Digest of what was seen, all 64 digits, instead of ITEM@VERSION; for one item only."),
    ),
    "help.option.items": (
        "信息编号或者索引号，可写明版本（12@3）；可以写几条，- 表示从标准输入逐行读取。",
        (
            "Number or index number, with the version that was seen (12@3); several may be"
            " named, and"
            " - reads them from standard input, one a line."
        ),
    ),
    "help.option.item": (
        "信息编号、索引号，或者标题开头四个字以上（只用于查看）。",
        "Number, index number, or the beginning of the title, four characters or more.",
    ),
    "help.option.reason": ("理由。", "Reason in words."),
    "help.option.password_stdin": (
        "从标准输入读取密码，不在终端询问。",
        "Read the password from standard input instead of asking for it.",
    ),
    "help.option.name": ("账号名。", "Name of the account."),
    # Newcomers
    "help.demo": (
        (
            "看一遍演示：一份真实的年度报告，从拟稿到发布\n\n"
            "在新建的演练库里，用真实的命令办理东昌区 2016 年度报告：审核签字、用印、保密审"
            "查、终审、"
            "发布，中间有一次自己审自己被拒绝、一次退回修改后重新提交；另一条信息依法不予公"
            "开。最后一行"
            "是发布页面的路径。不需要登录，不影响已有的数据。\n\n"
            "$ gongkai demo\n"
            "$ gongkai demo --keep ./demo"
        ),
        (
            "Watch a real annual report go from draft to published\n\n"
            "In a fresh rehearsal, the real commands carry the 2016 report of Dongchang District"
            " through sign-off, seal, confidentiality review, final review and publication,"
            " with one"
            " refused self-approval and one return on the way; a second item is withheld by"
            " law. The"
            " last line is the path of the published page. No login is needed and no other data is"
            " touched.\n\n"
            "$ gongkai demo\n"
            "$ gongkai demo --keep ./demo"
        ),
    ),
    "help.demo.keep": (
        "把演练库留在这个目录，并列出账号和密码，供继续试用。",
        "Leave the rehearsal in this directory and print its accounts, to play with.",
    ),
    "help.settings": (
        (
            "列出全部设置的值、来源和含义\n\n"
            "设置来自环境变量 GONGKAI_…，或者 GONGKAI_CONFIG 所指的 TOML 文件；环境变量优先。"
            "密码之类"
            "不显示。\n\n"
            "$ gongkai settings\n"
            "$ gongkai settings --json"
        ),
        (
            "Print every setting with its value, origin and meaning\n\n"
            "Settings are environment variables GONGKAI_… or stand in the TOML file that"
            " GONGKAI_CONFIG names; the environment wins. Secrets are masked.\n\n"
            "$ gongkai settings\n"
            "$ gongkai settings --json"
        ),
    ),
    "help.completion": (
        (
            "输出命令补全脚本\n\n"
            "把它加入 shell 的启动文件，按 Tab 键即可补全命令和选项。\n\n"
            "$ gongkai completion bash >> ~/.bashrc\n"
            "$ gongkai completion zsh >> ~/.zshrc\n"
            "$ gongkai completion fish > ~/.config/fish/completions/gongkai.fish"
        ),
        (
            "Print the script for completion in a shell\n\n"
            "Add it to what your shell reads at its start; the Tab key then completes commands and"
            " options.\n\n"
            "$ gongkai completion bash >> ~/.bashrc\n"
            "$ gongkai completion zsh >> ~/.zshrc\n"
            "$ gongkai completion fish > ~/.config/fish/completions/gongkai.fish"
        ),
    ),
    "help.completion.shell": (
        "bash、zsh 或者 fish；默认为现在所用的。",
        "bash, zsh or fish; by default the one in use.",
    ),
    # Everyone
    "help.login": (
        (
            "登录\n\n"
            "在终端上询问密码（不显示），并为本操作系统用户保存登录，到期自动失效。一次性密码"
            "登录后须先"
            "改密码。\n\n"
            "$ gongkai login li.mou\n"
            "$ gongkai login li.mou --password-stdin --print-token < password.txt\n"
            "$ gongkai login admin --for-jobs --print-token"
        ),
        (
            "Sign in\n\n"
            "Asks for the password without showing it and saves the login for this user of the"
            " operating system; it ends by itself. After a one-time password, the first thing is to"
            " change it.\n\n"
            "$ gongkai login li.mou\n"
            "$ gongkai login li.mou --password-stdin --print-token < password.txt\n"
            "$ gongkai login admin --for-jobs --print-token"
        ),
    ),
    "help.login.for_jobs": (
        "只能运行 `sweep` 和 `run` 的凭证，有效期较长（管理员）。",
        "A login that can `sweep` and `run`, and nothing else, and lasts longer; administrators.",
    ),
    "help.login.print_token": (
        "输出登录凭证而不保存，供 GONGKAI_TOKEN 使用。",
        "Print the token for GONGKAI_TOKEN and do not save it.",
    ),
    "help.logout": (
        "退出登录\n\n$ gongkai logout",
        "Sign out\n\n$ gongkai logout",
    ),
    "help.whoami": (
        "我是谁：账号、角色、登录到期时间\n\n$ gongkai whoami",
        "Who I am: account, roles, and when the login ends\n\n$ gongkai whoami",
    ),
    "help.password": (
        (
            "修改自己的密码\n\n"
            "修改后先前的登录全部结束。--password-stdin 读取两行：旧密码、新密码。\n\n"
            "$ gongkai password"
        ),
        (
            "Change my password\n\n"
            "All earlier logins end. --password-stdin reads two lines: the old one and the"
            " new one.\n\n"
            "$ gongkai password"
        ),
    ),
    "help.password.password_stdin": (
        "从标准输入读取两行：旧密码、新密码。",
        "Read two lines from standard input: the old password and the new one.",
    ),
    "help.inbox": (
        (
            "等我办理的信息\n\n"
            "最急的排在最前：先看上网期限，再看本环节的时限，都按工作日计。"
            "--json 给出 at（信息@版本），可直接用于办理。\n\n"
            "$ gongkai inbox\n"
            "$ gongkai inbox --json"
        ),
        (
            "What waits on me\n\n"
            "Most urgent first: by the last day to be online, then by that of this stage's"
            " budget, each with the working days left. --json gives ITEM@VERSION as at, ready to"
            " be acted on.\n\n"
            "$ gongkai inbox\n"
            "$ gongkai inbox --json"
        ),
    ),
    "help.list": (
        (
            "我可以查看的信息\n\n"
            "最新的排在最前。\n\n"
            "$ gongkai list\n"
            "$ gongkai list --state pending --stage seal --department YL-CIVIL\n"
            "$ gongkai list --all --json"
        ),
        (
            "What I may see\n\n"
            "The newest comes first.\n\n"
            "$ gongkai list\n"
            "$ gongkai list --state pending --stage seal --department YL-CIVIL\n"
            "$ gongkai list --all --json"
        ),
    ),
    "help.option.state": (
        "只列这一状态的，可以写几个。",
        "Only items in this state; may be repeated.",
    ),
    "help.option.stage": ("只列在这一环节的。", "Only items at this stage."),
    "help.option.offset": ("先跳过几条，用来翻页。", "How many to pass over first, to turn pages."),
    "help.search": (
        (
            "按词语查找信息\n\n"
            "在标题、索引号、文号、概述、关键词和正文（现行版本）里找；写几个词就要每个都有。"
            "两个字、一个字的词都能找到；大小写、全角半角不分，标点隔开词语。标题和编号里都有的"
            "排在前面，其余按新旧排列；超过一万条时只按新旧。只找您可以查看的信息。\n\n"
            "$ gongkai search 低保\n"
            "$ gongkai search 低保 2017 --state published --department YL-CIVIL\n"
            "$ gongkai search 样例 --limit 20 --offset 20 --json"
        ),
        (
            "Find items by their words\n\n"
            "Looks into title, index number, document number, summary, keywords and body of the"
            " current revision; of several words each has to be there. Words of two characters and"
            " of one are found; case and width make no difference, and punctuation parts words."
            " What has them all in its title or numbers comes first, then the newest; beyond ten"
            " thousand only the newest counts. Only what you may see is found.\n\n"
            "$ gongkai search 低保\n"
            "$ gongkai search 低保 2017 --state published --department YL-CIVIL\n"
            "$ gongkai search 样例 --limit 20 --offset 20 --json"
        ),
    ),
    "help.search.words": ("要找的词语。", "The words to look for."),
    "help.show": (
        (
            "查看一条信息\n\n"
            "显示内容、版本和摘要、各环节的决定（失效的有标记）、下一步由谁办理。看过之后才能"
            "办理。\n\n"
            "$ gongkai show 12\n"
            "$ gongkai show YL-CIVIL/2017-00001"
        ),
        (
            "Look at one item\n\n"
            "Prints content, version and digest, the decisions (voided ones are marked), and"
            " whose turn"
            " it is. One has to have seen an item to act on it.\n\n"
            "$ gongkai show 12\n"
            "$ gongkai show YL-CIVIL/2017-00001"
        ),
    ),
    "help.diff": (
        (
            "比较一条信息的两个修订\n\n"
            "不写修订号时比较最近两个。\n\n"
            "$ gongkai diff 12\n"
            "$ gongkai diff 12 1 3"
        ),
        (
            "Compare two revisions of an item\n\n"
            "Without numbers, the last two.\n\n"
            "$ gongkai diff 12\n"
            "$ gongkai diff 12 1 3"
        ),
    ),
    "help.diff.revisions": ("两个修订号，旧的在前。", "Two revisions, the older one first."),
    "help.history": (
        "一条信息的办理记录\n\n$ gongkai history 12",
        "The trail of an item\n\n$ gongkai history 12",
    ),
    "help.why": (
        (
            "一条信息为什么不能办理、谁可以办理\n\n"
            "逐项列出现在可以进行的办理：您能不能办、不能的全部原因、谁能办。\n\n"
            "$ gongkai why 12\n"
            "$ gongkai why 12 publish"
        ),
        (
            "What blocks an item, and who can act\n\n"
            "For each action that leads on from here: whether you may, every reason why not,"
            " and who"
            " can.\n\n"
            "$ gongkai why 12\n"
            "$ gongkai why 12 publish"
        ),
    ),
    "help.why.action": ("只问这一项办理。", "Ask about this action only."),
    # Boards
    "help.due": (
        (
            "近期到期的法定时限\n\n"
            "最急的排在最前，按今天（北京时间）和现行工作日历推算，不靠任何后台标记。已逾期的"
            "另见 overdue。--ics 写成日历订阅文件，只含编号、环节和截止日。\n\n"
            "$ gongkai due\n"
            "$ gongkai due --within 10 --department YL-CIVIL --clock online\n"
            "$ gongkai due --ics due.ics"
        ),
        (
            "Legal clocks that end soon\n\n"
            "Most urgent first, worked out from today's date in Beijing and the calendar in"
            " force, never from what a worker marked. What is late already: see overdue. --ics"
            " writes a feed for calendars, with numbers, stages and last days only.\n\n"
            "$ gongkai due\n"
            "$ gongkai due --within 10 --department YL-CIVIL --clock online\n"
            "$ gongkai due --ics due.ics"
        ),
    ),
    "help.due.within": (
        "剩余工作日不超过几天的。",
        "Those with at most so many working days left.",
    ),
    "help.option.clock": (
        "只看这一种时限。",
        "Only this clock: online, or delivery to reading points.",
    ),
    "help.option.department": (
        "只看这个机构的，写代码或者全称。",
        "Only this body, by its code or name.",
    ),
    "help.option.limit": ("最多列出几条。", "How many to list at most."),
    "help.option.all_": ("全部列出。", "List them all."),
    "help.due.ics": (
        "把全部时限写成 iCalendar 文件（办结、终止的标为取消）。",
        "Write all clocks to an iCalendar file; what was met or voided is cancelled there.",
    ),
    "help.overdue": (
        (
            "已逾期的法定时限\n\n"
            "逾期最久的排在最前。截止日当天不算逾期，次日 0 时（北京时间）起算。\n\n"
            "$ gongkai overdue\n"
            "$ gongkai overdue --department YL-CIVIL --json"
        ),
        (
            "Legal clocks that are overdue\n\n"
            "The longest overdue first. The last day itself belongs to the department: a clock is"
            " overdue from 00:00 of the next day, Beijing time.\n\n"
            "$ gongkai overdue\n"
            "$ gongkai overdue --department YL-CIVIL --json"
        ),
    ),
    "help.waiting": (
        (
            "谁手里有什么、停留了多久\n\n"
            "列出草稿、各环节和待公开的信息，停留最久的排在最前：现在环节、可以办理的人、已停留的"
            "工作日和环节时限的剩余。`--by` 按人、环节或者机构合计，终端上另有条形图；"
            "多人可以办理的各算一件，无人可以办理的单独列出。只列您可以查看并且办理或者监督的信息。\n\n"
            "$ gongkai waiting\n"
            "$ gongkai waiting --by holder\n"
            "$ gongkai waiting --by stage --department YL-CIVIL --format xlsx --output held.xlsx"
        ),
        (
            "Who holds what, and for how long\n\n"
            "Drafts, items at a stage and items to be published, the longest held first: the desk,"
            " who may act, the working days it has been there, and what its budget leaves. `--by`"
            " counts by person, stage or body, with bars on a terminal; what several people may act"
            " on counts for each, and what nobody may act on stands by itself. Only what you may"
            " see and work on or watch.\n\n"
            "$ gongkai waiting\n"
            "$ gongkai waiting --by holder\n"
            "$ gongkai waiting --by stage --department YL-CIVIL --format xlsx --output held.xlsx"
        ),
    ),
    "help.waiting.by": (
        "按人、环节或者机构合计。",
        "Count by who may act, by stage or by body.",
    ),
    "help.explain": (
        (
            "截止日是怎么算出来的\n\n"
            "列出每一个计入和跳过的日子、原因和所依据的放假通知；通知未发布的日子注明暂定。\n\n"
            "$ gongkai explain 12\n"
            "$ gongkai explain 12 --clock online --json"
        ),
        (
            "How a due date was reached\n\n"
            "Prints every day that was counted or skipped, why, and the notice behind it; days for"
            " which no notice is out yet are called provisional.\n\n"
            "$ gongkai explain 12\n"
            "$ gongkai explain 12 --clock online --json"
        ),
    ),
    "help.report": (
        (
            "统计报表\n\n"
            "$ gongkai report timeliness --year 2017\n"
            "$ gongkai report returns --year 2017"
        ),
        (
            "Reports\n\n"
            "$ gongkai report timeliness --year 2017\n"
            "$ gongkai report returns --year 2017"
        ),
    ),
    "help.report.returns": (
        (
            "退回统计\n\n"
            "统计期间内各环节退回和通过的次数、退回率、凭豁免通过的次数、因修改或者退回而失效的决定，"
            "以及退回的原因和机构。在终端上另用条形图显示各种原因。期间默认为今年；督查员和公开中心看全部，部门领导"
            "看本部门。\n\n"
            "$ gongkai report returns --year 2017\n"
            "$ gongkai report returns --from 2017-01-01 --to 2017-01-31 --department YL-CIVIL\n"
            "$ gongkai report returns --format xlsx --output returns.xlsx"
        ),
        (
            "What was sent back, where and why\n\n"
            "Counts for each stage how often it returned and passed items in the period, how often"
            " that took a waiver, and how many of its decisions an edit or a return has voided;"
            " then the reasons and the bodies. A terminal also gets a bar for each reason. The"
            " period is this year unless it is given. Supervisors and the centre see all bodies, a"
            " department head the own"
            " one.\n\n"
            "$ gongkai report returns --year 2017\n"
            "$ gongkai report returns --from 2017-01-01 --to 2017-01-31 --department YL-CIVIL\n"
            "$ gongkai report returns --format xlsx --output returns.xlsx"
        ),
    ),
    "help.report.duplicates": (
        (
            "重复录入的信息\n\n"
            "列出正文或者发文字号相同的信息（作废的除外；同一信息的各版不算重复），以及录入时说明的"
            "理由。督查员和公开中心看全部，部门领导看本部门。\n\n"
            "$ gongkai report duplicates\n"
            "$ gongkai report duplicates --department YL-CIVIL --format csv --output twice.csv"
        ),
        (
            "What was entered twice\n\n"
            "Lists items that have the same text or document number, with the reason that was given"
            " for it; what was abandoned and editions of one text are left out. Supervisors and the"
            " centre see all bodies, a department head the own one.\n\n"
            "$ gongkai report duplicates\n"
            "$ gongkai report duplicates --department YL-CIVIL --format csv --output twice.csv"
        ),
    ),
    "help.report.timeliness": (
        (
            "按期率和用时\n\n"
            "统计截止日落在期间内的时限：按期、逾期、未到期、终止、暂定分开计；按期率给出截尾和"
            "四舍五入两种；另列逾期原因、各环节用时和退回。期间默认为今年。CSV 带 BOM，表格程序"
            "可以直接打开中文。\n\n"
            "$ gongkai report timeliness --year 2017 --by department\n"
            "$ gongkai report timeliness --from 2017-01-01 --to 2017-03-31 --format xlsx --output"
            " report.xlsx"
        ),
        (
            "On-time share, and how long things take\n\n"
            "Counts the clocks whose last day falls in the period: in time, late, open, voided and"
            " provisional apart; the share both cut off and rounded; then what is late and why,"
            " days at each stage, and returns. The period is this year unless it is given. CSV"
            " begins with the mark by which spreadsheet programs know UTF-8.\n\n"
            "$ gongkai report timeliness --year 2017 --by department\n"
            "$ gongkai report timeliness --from 2017-01-01 --to 2017-03-31 --format xlsx --output"
            " report.xlsx"
        ),
    ),
    "help.option.year": ("这一年。", "This year."),
    "help.option.first": ("期间的首日。", "First day of the period."),
    "help.option.last": ("期间的末日。", "Last day of the period."),
    "help.report.timeliness.by": (
        "另按机构、环节或者目录分列；按环节时统计的是各环节的时限。",
        "Also by body, stage or category; by stage, the clocks are the budgets of the stages.",
    ),
    "help.option.format_": ("输出格式。", "Format of what is written."),
    "help.option.output": ("写入这个文件。", "Write to this file."),
    # Clerks
    "help.new": (
        (
            "拟稿\n\n"
            "BODY 是正文文件：.md、.txt 或者 .html，- 表示从标准输入读取 Markdown。文件须为"
            " UTF-8（或者"
            "带标记的 UTF-16）；GB18030 的请加 --encoding gb18030。\n\n"
            "$ gongkai new report.md --title 2016年度报告 --category annual_report"
            " --formed-on 2017-01-10 --attribute proactive --submit\n"
            "$ gongkai new list.md --title 救助对象名册 --category social_assistance"
            " --formed-on 2017-01-12 --attribute not-disclosed --ground personal_privacy"
            " --attribute-reason 涉及个人隐私 --restricted"
        ),
        (
            "Enter a draft\n\n"
            "BODY is the file of the text: .md, .txt or .html, or - for Markdown on standard"
            " input. It"
            " is in UTF-8 (or in UTF-16 with its mark); for GB18030 add --encoding gb18030.\n\n"
            "$ gongkai new report.md --title 2016年度报告 --category annual_report"
            " --formed-on 2017-01-10 --attribute proactive --submit\n"
            "$ gongkai new list.md --title 救助对象名册 --category social_assistance"
            " --formed-on 2017-01-12 --attribute not-disclosed --ground personal_privacy"
            " --attribute-reason 涉及个人隐私 --restricted"
        ),
    ),
    "help.new.body": ("正文文件；- 表示标准输入。", "File of the body; - is standard input."),
    "help.new.department": (
        "所属机构的代码或者全称；只任一个机构的信息员时可以不写。",
        "Code or full name of the body; may be left out by a clerk of one body only.",
    ),
    "help.new.restricted": (
        "限定范围：只有写明的人和各环节的人可以查看。",
        "Only named people and stage holders may see it.",
    ),
    "help.new.reader": (
        "限定范围时可以查看的账号，可以写几个。",
        "Account that may see a restricted item; may be repeated.",
    ),
    "help.new.submit": ("随即提交；不能提交则不保存。", "Submit it at once, or enter nothing."),
    "help.new.normative": ("这是规范性文件。", "It is a normative document."),
    "help.option.title": ("标题。", "Title."),
    "help.option.category": (
        "目录分类的代码，见 `gongkai policy show`。",
        "Code of the catalogue item; `gongkai policy show` lists them.",
    ),
    "help.option.formed_on": ("生成日期。", "Formation date."),
    "help.option.formed_on_basis": (
        "以哪一天为生成日期：签发、最后会签、制作完成、定稿。",
        "Which day that is: signature, last countersignature, completion or final draft.",
    ),
    "help.option.attribute": (
        "公开属性：主动公开、依申请公开、不予公开。",
        "Disclosure attribute.",
    ),
    "help.option.ground": (
        "不公开的理由代码，见 `gongkai policy show`。",
        "Code of the ground for not disclosing; `gongkai policy show` lists them.",
    ),
    "help.option.attribute_reason": (
        "不主动公开的理由说明。",
        "Reason in words, for what is not proactive.",
    ),
    "help.option.document_number": ("发文字号。", "Document number."),
    "help.option.summary": ("内容概述。", "Summary."),
    "help.option.keyword": ("关键词，可以写几个。", "Keyword; may be repeated."),
    "help.option.attach": ("附件，可以写几个。", "File to attach; may be repeated."),
    "help.option.channel": ("公开渠道，可以写几个。", "Channel to publish to; may be repeated."),
    "help.option.genre": ("体裁。", "Genre."),
    "help.option.effective_on": ("施行日期。", "Day on which it takes effect."),
    "help.option.expires_on": (
        "有效期的最后一天，次日失效。",
        "Last day on which it is in force; it lapses the day after.",
    ),
    "help.option.body_format": (
        "正文的格式；默认按文件名判断。",
        "How the body is written; by default the file's name tells.",
    ),
    "help.option.encoding": (
        "正文文件的编码；默认为 UTF-8，或者按文件开头的标记。",
        "Encoding of the body; by default UTF-8, or what the mark at its beginning says.",
    ),
    "help.option.not_duplicate": (
        "正文或者文号与已有信息相同、但不是重复的，写明理由。",
        "Why this is no duplicate, although text or document number are those of another item.",
    ),
    "help.import": (
        (
            "从表格导入\n\n"
            "每行一条信息，逐行与 new 一样检查和登记；"
            "不合格的行写入另一个文件，改好之后直接导入它。"
            "FILE 是 CSV（UTF-8、UTF-16 或 GB18030）、XLSX 或者 JSON Lines；第一行是标题，"
            "中文、英文都可以。标题有误时一行也不导入。有的行导入、有的没有时，退出状态为 6。\n\n"
            "$ gongkai import --template xlsx notices.xlsx\n"
            "$ gongkai import notices.csv --dry-run\n"
            "$ gongkai import notices.csv --submit --idempotency-key 2017-01"
        ),
        (
            "Enter items from a table\n\n"
            "Each row is an item, checked and entered as `new` does it; refused rows go to another"
            " file, to be mended and imported. FILE is CSV (in UTF-8, UTF-16 or GB18030), XLSX or"
            " JSON Lines; headings are Chinese or English. With a wrong heading nothing is"
            " imported. When some rows were entered and some were not, the exit status is 6.\n\n"
            "$ gongkai import --template xlsx notices.xlsx\n"
            "$ gongkai import notices.csv --dry-run\n"
            "$ gongkai import notices.csv --submit --idempotency-key 2017-01"
        ),
    ),
    "help.import.file": (
        "要导入的文件；与 --template 同用时是要写的文件。",
        "The file to import; with --template the one to write.",
    ),
    "help.import.department": (
        "没有写明机构的行属于这个机构。",
        "The body of rows that name none.",
    ),
    "help.import.submit": ("导入后就提交。", "Submit each item at once."),
    "help.import.encoding": (
        "文件的编码；默认自行识别。",
        "Encoding of the file; by default it is recognised.",
    ),
    "help.import.sheet": (
        "工作簿里的哪个工作表；默认第一个。",
        "Sheet of the workbook; by default the first.",
    ),
    "help.import.rejected": (
        "未导入的行写入这个文件；默认为 FILE 旁边的 NAME.rejected.*。",
        "Where refused rows are written; by default NAME.rejected.* beside FILE.",
    ),
    "help.import.template": (
        "给出这种格式的模板。",
        "Print a template of this format.",
    ),
    "help.import.idempotency_key": (
        "防重复标识：同一个值下，同样的一行只登记一次，不论它在哪个文件、哪一行。",
        "With the same KEY the same row is entered once, wherever it stands.",
    ),
    "help.export": (
        (
            "导出清单\n\n"
            "把清单写成 CSV、XLSX 或者 JSON Lines：items（默认，与 list 相同；加上 --words 与"
            " search 相同）、inbox、due、overdue。只有您可以查看的信息。"
            "以 = + - @ 开头的单元格前面加撇号，表格程序不会把它当作公式。\n\n"
            "$ gongkai export --output items.csv\n"
            "$ gongkai export --words 低保 --state published --format jsonl\n"
            "$ gongkai export overdue --format xlsx --output overdue.xlsx"
        ),
        (
            "Write a list to a file\n\n"
            "Writes a list as CSV, XLSX or JSON Lines: items (the default, as `list`; with --words"
            " as `search`), inbox, due, overdue. It holds what you may see. A cell that begins with"
            " = + - @ gets an apostrophe in front, so that no spreadsheet program takes it for a"
            " formula.\n\n"
            "$ gongkai export --output items.csv\n"
            "$ gongkai export --words 低保 --state published --format jsonl\n"
            "$ gongkai export overdue --format xlsx --output overdue.xlsx"
        ),
    ),
    "help.export.which": ("哪个清单；默认 items。", "Which list; items by default."),
    "help.export.format_": (
        "文件的格式；默认看文件名，再默认 csv。",
        "Format; by default that of the file's name, else csv.",
    ),
    "help.export.output": (
        "写入这个文件；默认输出到标准输出。",
        "Write to this file instead of standard output.",
    ),
    "help.export.words": ("只要含有这些词语的。", "Only items that hold these words."),
    "help.export.category": ("只列这个目录分类的。", "Only items of this catalogue item."),
    "help.list.category": ("只列这个目录分类的。", "Only items of this catalogue item."),
    "help.search.category": ("只找这个目录分类的。", "Only items of this catalogue item."),
    "help.revise": (
        (
            "修改草稿\n\n"
            '只有草稿可以修改。写明的项目改为新值，写空（""）则清除；内容一经改动，按流程规定'
            "使先前的"
            "决定失效，并逐一列出。\n\n"
            "$ gongkai revise 12 report.md\n"
            "$ gongkai revise 12@4 --title 新标题 --attach 附表.xlsx\n"
            "$ gongkai revise 12 redacted.md --redaction"
        ),
        (
            "Change a draft\n\n"
            "Only drafts can be changed. What is given takes the place of what was there;"
            " given empty"
            ' (""), it is cleared. A change voids earlier decisions as the policy says, and'
            " they are"
            " told.\n\n"
            "$ gongkai revise 12 report.md\n"
            "$ gongkai revise 12@4 --title 新标题 --attach 附表.xlsx\n"
            "$ gongkai revise 12 redacted.md --redaction"
        ),
    ),
    "help.revise.item": (
        "信息编号或者索引号，可写明版本（12@3）。",
        "Number or index number, with the version that was seen (12@3).",
    ),
    "help.revise.body": (
        "新的正文文件；- 表示标准输入。不写则正文不变。",
        "File of the new body; - is standard input. Without it the body stays.",
    ),
    "help.revise.normative": ("是不是规范性文件。", "Whether it is a normative document."),
    "help.revise.keyword": (
        "关键词，写几个就是几个，代替原有的全部。",
        "Keyword; may be repeated, and those given replace all earlier ones.",
    ),
    "help.revise.attach": (
        "增加附件；同名的代替原有的。可以写几个。",
        "File to attach, in place of one with the same name; may be repeated.",
    ),
    "help.revise.detach": (
        "去掉附件，可以写几个。",
        "Name of a file to take off; may be repeated.",
    ),
    "help.revise.redaction": (
        "这就是保密审查要求的删改稿；内容已经删改的，可以单独使用。",
        (
            "This is the redaction that the confidentiality review asked for; alone, where the"
            " text was changed already."
        ),
    ),
    "help.submit": (
        "提交草稿\n\n首次提交时给出索引号。\n\n$ gongkai submit 12\n$ gongkai submit 12@3 13@2",
        (
            "Hand a draft in\n\n"
            "The first submission gives it its index number.\n\n"
            "$ gongkai submit 12\n"
            "$ gongkai submit 12@3 13@2"
        ),
    ),
    "help.take_over": (
        (
            "接办他人的草稿\n\n"
            "接办后您也是起草人，草稿列入您的待办；原起草人会收到通知，仍是起草人。"
            "限定范围的草稿没有人可以继续办理时，由督查员用 --to 指定一名信息员，"
            "督查员自己看不到内容。\n\n"
            "$ gongkai take-over 12\n"
            "$ gongkai take-over 12 --to wang.mou --reason 原起草人已调离"
        ),
        (
            "Take a draft over from who wrote it\n\n"
            "From then on you are an author too, and it waits in your inbox; who wrote it is told"
            " and stays an author. Where a restricted draft has nobody left who could go on, a"
            " supervisor, who cannot read it, names a clerk with --to.\n\n"
            "$ gongkai take-over 12\n"
            "$ gongkai take-over 12 --to wang.mou --reason 原起草人已调离"
        ),
    ),
    "help.take_over.to": (
        "限定范围的草稿指定由谁接办（督查员）。",
        "Who is to take a restricted draft over (for supervisors).",
    ),
    "help.take_over.reason": ("指定的理由。", "Why that person is named."),
    "help.recall": (
        "撤回已提交、尚无人决定的信息\n\n$ gongkai recall 12 --reason 附件有误",
        (
            "Take back what was submitted and not decided on yet\n\n"
            "$ gongkai recall 12 --reason 附件有误"
        ),
    ),
    "help.abandon": (
        (
            "作废草稿\n\n"
            "提交过的由部门领导作废，须写明理由。\n\n"
            "$ gongkai abandon 12 --reason 与12号重复"
        ),
        (
            "Give a draft up\n\n"
            "One that was submitted before is given up by the department head, with a reason.\n\n"
            "$ gongkai abandon 12 --reason 与12号重复"
        ),
    ),
    "help.urge": (
        (
            "催办：请正在办理的人尽快办理\n\n"
            "记入审计轨迹。同一环节 24 小时之内只能催办一次；信息的内容和版本不变。\n\n"
            "$ gongkai urge 12"
        ),
        (
            "Urge whoever holds an item to go on with it\n\n"
            "It stands in the trail, and can be done once in 24 hours for each desk. Content and"
            " version stay as they are.\n\n"
            "$ gongkai urge 12"
        ),
    ),
    "help.reopen": (
        (
            "重新办理已作废、不予公开或者依申请公开的信息\n\n"
            "由部门领导办理，须写明理由。信息回到草稿，原有的决定全部失效；时限仍从生成日期算"
            "起。\n\n"
            "$ gongkai reopen 12@9 --reason 重新评估后可以公开"
        ),
        (
            "Take up again what was abandoned, withheld or kept for requests\n\n"
            "For the department head, with a reason. The item is a draft again and nothing that was"
            " decided holds any longer; its clocks count from the day of formation as before.\n\n"
            "$ gongkai reopen 12@9 --reason 重新评估后可以公开"
        ),
    ),
    # Reviewers
    "help.sign_off": (
        (
            "审核签字\n\n"
            "$ gongkai sign-off 12@3\n"
            "$ gongkai inbox --json | jq -r '.data.items[].at' | gongkai sign-off -"
        ),
        (
            "Sign off\n\n"
            "$ gongkai sign-off 12@3\n"
            "$ gongkai inbox --json | jq -r '.data.items[].at' | gongkai sign-off -"
        ),
    ),
    "help.seal": (
        (
            "加盖部门公章\n\n"
            "不写登记号时，取用印登记的下一个号。\n\n"
            "$ gongkai seal 12@4\n"
            "$ gongkai seal 12@4 --register-number 2017-0008"
        ),
        (
            "Set the department's seal\n\n"
            "Without a number, the next one of the seal-use register is taken.\n\n"
            "$ gongkai seal 12@4\n"
            "$ gongkai seal 12@4 --register-number 2017-0008"
        ),
    ),
    "help.seal.register_number": ("用印登记号。", "Number in the seal-use register."),
    "help.review": (
        (
            "作出保密审查结论\n\n"
            "结论：可以公开（disclose）、部分公开（disclose-in-part，须列明要删去的内容）、依"
            "申请公开"
            "（on-request-only）、不予公开（withhold）、送审（refer，须写明问题和送往的机"
            "关）。依申请公开"
            "和不予公开还须经终审。\n\n"
            "$ gongkai review 12@5 --conclusion disclose\n"
            "$ gongkai review 12@5 --conclusion withhold --ground personal_privacy"
            " --found personal_privacy --reason 含有个人隐私\n"
            "$ gongkai review 12@5 --conclusion disclose-in-part --redact 第三节的电话号码\n"
            "$ gongkai review 12@5 --conclusion refer --question 是否属于国家秘密 --addressee"
            " 区保密局"
        ),
        (
            "Conclude the confidentiality review\n\n"
            "The conclusion is to disclose, to disclose in part (listing what is to be taken"
            " out), to"
            " disclose on request only, to withhold, or to refer the item (with a question,"
            " to a named"
            " body). On request only and withholding also need the final review.\n\n"
            "$ gongkai review 12@5 --conclusion disclose\n"
            "$ gongkai review 12@5 --conclusion withhold --ground personal_privacy"
            " --found personal_privacy --reason 含有个人隐私\n"
            "$ gongkai review 12@5 --conclusion disclose-in-part --redact 第三节的电话号码\n"
            "$ gongkai review 12@5 --conclusion refer --question 是否属于国家秘密 --addressee"
            " 区保密局"
        ),
    ),
    "help.review.conclusion": ("审查结论。", "The conclusion."),
    "help.review.found": (
        "清单中审出问题的一项，可以写几个；清单见 `gongkai policy show`。",
        "Question of the checklist that was answered with yes; may be repeated.",
    ),
    "help.review.redact": (
        "部分公开时要删去或者遮盖的内容，可以写几条。",
        "What is to be taken out, to disclose in part; may be repeated.",
    ),
    "help.review.reassess_on": (
        "重新评估的日期；默认按流程规定。",
        "When to look at it again; by default as the policy says.",
    ),
    "help.review.question": ("送审的问题。", "Question to the body it is referred to."),
    "help.review.addressee": ("送往的机关。", "Body it is referred to."),
    "help.answer": (
        (
            "登记送审的答复\n\n"
            "$ gongkai answer 12@6 --answer 经研究不属于国家秘密 --answered-on 2017-02-03"
        ),
        (
            "Record the answer to a referral\n\n"
            "$ gongkai answer 12@6 --answer 经研究不属于国家秘密 --answered-on 2017-02-03"
        ),
    ),
    "help.answer.answer": ("答复的内容。", "What the answer was."),
    "help.answer.answered_on": ("答复的日期。", "Date of the answer."),
    "help.approve": (
        "终审通过\n\n$ gongkai approve 12@6",
        "Pass the final review\n\n$ gongkai approve 12@6",
    ),
    "help.return": (
        (
            "退回\n\n"
            "须写明退到哪里、原因代码和理由；代码见 `gongkai policy show`。\n\n"
            "$ gongkai return 12@5 --to draft --code factual_error --reason 第二节的数字与附"
            "表不符\n"
            "$ gongkai return 12@5 --to seal --code wording --reason 印章压字"
        ),
        (
            "Send an item back\n\n"
            "Where to, a reason code and a reason in words are needed; `gongkai policy show`"
            " lists the"
            " codes.\n\n"
            "$ gongkai return 12@5 --to draft --code factual_error --reason 第二节的数字与附"
            "表不符\n"
            "$ gongkai return 12@5 --to seal --code wording --reason 印章压字"
        ),
    ),
    "help.return.to": ("退到 draft（拟稿人），或者先前的环节。", "draft, or an earlier stage."),
    "help.return.code": ("退回原因的代码。", "Code of the reason."),
    # Publishers
    "help.publish": (
        (
            "发布审核完毕的信息\n\n"
            "站点在这台机器上时随即写出页面；否则排队，由后台任务或者 `gongkai sweep` 送出。"
            "用 --at 可以定时：到时再核对一遍，情况有变的暂缓公开。"
            "超过上网公开期限的，须说明原因。\n\n"
            "$ gongkai publish 12@7\n"
            "$ gongkai publish 12@7 --at 2030-02-10T09:00\n"
            "$ gongkai publish 12@7 --late-reason 等待上级机关答复"
        ),
        (
            "Publish what is cleared, now or at an instant to come\n\n"
            "Where the site is on this machine, the page is written at once; else it is queued for"
            " a worker or `gongkai sweep`. With --at the gate is checked again when the instant"
            " comes, and an item that has changed is held. After the last day to be online a"
            " reason is needed.\n\n"
            "$ gongkai publish 12@7\n"
            "$ gongkai publish 12@7 --at 2030-02-10T09:00\n"
            "$ gongkai publish 12@7 --late-reason 等待上级机关答复"
        ),
    ),
    "help.publish.at": (
        "定时公开的时间；不写时区的按北京时间。",
        "The instant to publish at; in Asia/Shanghai unless it names its offset.",
    ),
    "help.option.late_reason": ("逾期公开的原因。", "Why it comes after its last day."),
    # Alerts and addresses
    "help.alerts": (
        (
            "我的提醒：列出、确认、暂缓\n\n"
            "不带子命令时列出未确认的提醒，等同于 alerts list。没有登记联系方式的人，"
            "也在这里看到应当收到的内容。\n\n"
            "$ gongkai alerts\n$ gongkai alerts --all --kind deadline"
        ),
        (
            "What I was told: list, acknowledge, put off\n\n"
            "By itself it lists what is not acknowledged, as alerts list does. Who has no address"
            " finds here what would have been sent.\n\n"
            "$ gongkai alerts\n$ gongkai alerts --all --kind deadline"
        ),
    ),
    "help.alerts.list": (
        (
            "列出未确认的提醒，最紧急的在前\n\n"
            "--all 列出所有人的（限督查员）；--closed 同时列出已确认、已办结、已过时的。\n\n"
            "$ gongkai alerts list\n$ gongkai alerts list --all --item 12"
        ),
        (
            "List what is not acknowledged, most urgent first\n\n"
            "--all lists everybody's, for supervisors; --closed also what is acknowledged, done,"
            " or overtaken.\n\n"
            "$ gongkai alerts list\n$ gongkai alerts list --all --item 12"
        ),
    ),
    "help.alerts.list.everybodys": ("所有人的提醒（限督查员）。", "Everybody's, for supervisors."),
    "help.alerts.list.closed": (
        "也包括已确认、已办结、已过时的。",
        "Also what is acknowledged, done, or overtaken.",
    ),
    "help.alerts.list.kind": (
        "只列一类：期限、通知、运行告警。",
        "One kind only: of clocks, of what happened, of faults.",
    ),
    "help.alerts.list.item": ("只列关于这条信息的。", "Only about this item."),
    "help.alerts.list.limit": ("最多列出多少条。", "How many to list."),
    "help.alerts.list.offset": ("跳过前面多少条。", "How many to skip."),
    "help.alerts.ack": (
        (
            "确认知悉提醒，记入信息的办理记录\n\n"
            "确认后不再在汇总中重复列出；法定期限的后续提醒照常逐级上报，直到办结。\n\n"
            "$ gongkai alerts ack 31 32\n$ gongkai alerts ack --item 12"
        ),
        (
            "Acknowledge alerts; the item's trail tells\n\n"
            "What is acknowledged is not repeated in digests. The steps of the law go up all the"
            " same until the clock is met.\n\n"
            "$ gongkai alerts ack 31 32\n$ gongkai alerts ack --item 12"
        ),
    ),
    "help.alerts.ack.alerts": ("提醒的编号。", "The numbers of alerts."),
    "help.alerts.ack.item": ("确认关于这条信息的全部提醒。", "All that are about this item."),
    "help.alerts.snooze": (
        (
            "暂缓一条信息的到期提醒，最多五个工作日，只能在期限之前\n\n"
            "只影响自己收到的到期前提醒；逾期提醒和其他人的提醒不受影响。理由记入办理记录。\n\n"
            "$ gongkai alerts snooze 12 --until 2017-02-08 --reason 等待附件"
        ),
        (
            "Let reminders about an item wait, for five working days at most\n\n"
            "Only those to oneself, and only before the last day; what is overdue does not wait."
            " The reason goes into the item's trail.\n\n"
            "$ gongkai alerts snooze 12 --until 2017-02-08 --reason 等待附件"
        ),
    ),
    "help.alerts.snooze.until": (
        "到这一天为止（含当天）不提醒。",
        "No reminder up to this day, and not on it.",
    ),
    "help.alerts.snooze.reason": ("暂缓的理由。", "Why it can wait."),
    "help.alerts.snooze.clock": ("只暂缓这个期限。", "Only this clock."),
    "help.contact": (
        "提醒送到哪里、用什么语言：查看、登记、删除、测试\n\n$ gongkai contact show",
        "Where alerts go, in which language: show, set, remove, test\n\n$ gongkai contact show",
    ),
    "help.contact.show": (
        (
            "查看联系方式，密钥不显示\n\n"
            "他人和机构的联系方式只有管理员可以查看。\n\n"
            "$ gongkai contact show\n$ gongkai contact show --body YL-ORGANISING"
        ),
        (
            "Show addresses, without their secrets\n\n"
            "Those of others and of bodies are for administrators.\n\n"
            "$ gongkai contact show\n$ gongkai contact show --body YL-ORGANISING"
        ),
    ),
    "help.contact.show.name": ("账号名，不写则为自己。", "Whose; one's own if left out."),
    "help.contact.set": (
        (
            "登记自己的地址；管理员可以登记他人和机构（工作群）的\n\n"
            "通道：email、wecom、dingtalk、feishu、webhook、directory。地址写 - 时从标准输入读取，"
            "不留在进程列表和命令历史里。\n\n"
            "$ gongkai contact set email name@example.gov.cn\n"
            "$ gongkai contact set wecom - --body YL-ORGANISING"
        ),
        (
            "Set one's own address; administrators those of others and of bodies\n\n"
            "Channels: email, wecom, dingtalk, feishu, webhook, directory. With - the address is"
            " read from standard input, and stands in no list of processes and no history.\n\n"
            "$ gongkai contact set email name@example.gov.cn\n"
            "$ gongkai contact set wecom - --body YL-ORGANISING"
        ),
    ),
    "help.contact.set.address": (
        "地址，- 表示从标准输入读取。",
        "The address; - reads it from standard input.",
    ),
    "help.contact.remove": (
        "删除一个通道的地址\n\n$ gongkai contact remove email",
        "Remove the address of a channel\n\n$ gongkai contact remove email",
    ),
    "help.contact.notices": (
        (
            "通知随时发送，或者每个工作日一次\n\n"
            "到期和逾期提醒不受影响。\n\n$ gongkai contact notices daily"
        ),
        (
            "Have notices sent at once, or once a working day\n\n"
            "What is due or overdue does not wait.\n\n$ gongkai contact notices daily"
        ),
    ),
    "help.contact.notices.pace": ("随时，或者每日一次。", "At once, or once a day."),
    "help.contact.language": (
        (
            "自己的邮件和消息用哪种语言；管理员可以替他人设定\n\n"
            "已经发出的不受影响。命令本身用哪种语言，由 --lang 或者 GONGKAI_LANG 决定。\n\n"
            "$ gongkai contact language en\n$ gongkai contact language zh --user clerk-li"
        ),
        (
            "Set the language of one's mails and messages; administrators that of others\n\n"
            "What was sent stays as it is. Which language a command speaks is said by --lang or"
            " GONGKAI_LANG.\n\n"
            "$ gongkai contact language en\n$ gongkai contact language zh --user clerk-li"
        ),
    ),
    "help.contact.language.language": ("zh 是中文，en 是英文。", "zh is Chinese, en English."),
    "help.contact.test": (
        "立即给自己发一条测试消息\n\n$ gongkai contact test email",
        "Send oneself a test message now\n\n$ gongkai contact test email",
    ),
    "help.contact.set.channel": ("通道的代码。", "The channel."),
    "help.contact.remove.channel": ("通道的代码。", "The channel."),
    "help.contact.test.channel": ("通道的代码。", "The channel."),
    "help.option.user": (
        "为这个人登记（限管理员）。",
        "For this person; administrators only.",
    ),
    # Release coordination
    "help.consult": (
        (
            "就一件信息征求其他机关的意见（政府信息发布协调）\n\n"
            "由该信息发布机关的信息员或者领导办理，或者由信息所在环节的经办人办理。被征求的机关可以"
            "查看该信息；未有结果之前不得公开（--advisory 除外），法定时限照常计算，各环节照常"
            "办理。答复期限按流程规定的工作日计算；共同制作的用 --joint，逾期不答复视为同意。文本"
            "修改之后，先前的同意不再有效，须重新征求。\n\n"
            "$ gongkai consult 12 --body YL-FINANCE --question 附表二涉及贵局数据，是否同意公开\n"
            "$ gongkai consult 12 --outside 样例市统计局 --question 数据是否一致 --due 2017-02-10"
        ),
        (
            "Consult another body about an item (release coordination)\n\n"
            "For the clerks and heads of the item's own body, and for whoever has the item before"
            " them. The body that is asked sees the item. Nothing is published before the answer"
            " (but with --advisory); the legal clocks run on, and so do the stages. The answer is"
            " due in as many working days as the policy gives; of joint makers (--joint) silence"
            " consents. What was agreed to is one text: after an edit it is asked anew.\n\n"
            "$ gongkai consult 12 --body YL-FINANCE --question 附表二涉及贵局数据，是否同意公开\n"
            "$ gongkai consult 12 --outside 样例市统计局 --question 数据是否一致 --due 2017-02-10"
        ),
    ),
    "help.consult.body": (
        "本系统机构的代码或者全称。",
        "A body of this organisation, by its code or full name.",
    ),
    "help.consult.outside": (
        "系统外机关的名称；其答复由本单位登记。",
        "The name of a body outside; your own side records its answer.",
    ),
    "help.consult.question": (
        "问题，连同本机关的意见和依据。",
        "What is asked, with your own view and its basis.",
    ),
    "help.consult.due": (
        "答复期限，须为工作日；不写按流程规定。",
        "The last day for an answer, a working day; by the policy if left out.",
    ),
    "help.consult.joint": (
        "共同制作的信息：逾期不答复视为同意。",
        "The body has made it, too: its silence consents.",
    ),
    "help.consult.blocking": (
        "有结果才能公开（默认），或者仅供参考。",
        "Whether publication waits for it (as it does unless told otherwise).",
    ),
    "help.reply": (
        (
            "答复征求意见：同意或者不同意\n\n"
            "由被征求机关的部门领导或者分管领导答复，限定范围的信息只由部门领导答复。不同意须写明理由，"
            "由督查员协调。系统外机关的答复由信息的发布机关登记，写明复函日期和文号。\n\n"
            "$ gongkai reply 12@3 --answer agree\n"
            "$ gongkai reply 12@3 --answer object --text 附表二数据尚未核定\n"
            "$ gongkai reply 12@3 --answer agree --on 2017-02-08 --reference 样统函〔2017〕3号"
        ),
        (
            "Answer a consultation: agree, or object\n\n"
            "For the head or a deputy head of the body that was asked, about a restricted item for"
            " the head alone. An objection needs its reasons and goes to the supervisors. What a"
            " body outside has answered is recorded by the item's own side, with the day and the"
            " reference of its letter.\n\n"
            "$ gongkai reply 12@3 --answer agree\n"
            "$ gongkai reply 12@3 --answer object --text 附表二数据尚未核定\n"
            "$ gongkai reply 12@3 --answer agree --on 2017-02-08 --reference 样统函〔2017〕3号"
        ),
    ),
    "help.reply.answer": ("同意，或者不同意。", "Whether the body agrees."),
    "help.reply.text": ("意见；不同意时必填。", "What it says; an objection needs it."),
    "help.reply.replied_on": (
        "系统外机关复函的日期。",
        "The day of the letter, of a body outside.",
    ),
    "help.reply.reference": (
        "系统外机关复函的文号。",
        "The reference of the letter, of a body outside.",
    ),
    "help.option.number": (
        "征求意见的编号，有几个时须写明。",
        "Which consultation, where there are several.",
    ),
    "help.settle": (
        (
            "督查员协调裁决：可以公开，或者支持异议\n\n"
            "被征求的机关不同意，或者逾期未答复而不视为同意时，由协调机构裁决，须书面说明双方意见。"
            "支持异议的，须修改文本并重新征求后才能公开。\n\n"
            "$ gongkai settle 12@3 --outcome release --text 数据已由财政局核定，可以公开\n"
            "$ gongkai settle 12@3 --outcome uphold --text 附表二删去后重新征求意见"
        ),
        (
            "Settle as a supervisor what two bodies do not agree on\n\n"
            "Where a body objects, or has not answered in time and its silence does not consent;"
            " with a written account of the dispute. After uphold the text has to be changed and"
            " the body asked anew before anything is published.\n\n"
            "$ gongkai settle 12@3 --outcome release --text 数据已由财政局核定，可以公开\n"
            "$ gongkai settle 12@3 --outcome uphold --text 附表二删去后重新征求意见"
        ),
    ),
    "help.settle.outcome": (
        "可以公开（release），或者支持异议（uphold）。",
        "It may be published all the same, or the body that objects is right.",
    ),
    "help.settle.text": ("双方意见和裁决理由。", "The account of the dispute, and the reasons."),
    "help.withdraw_consultation": (
        (
            "撤回尚未答复的征求意见\n\n"
            "由提问人办理；其账号已停用的，由同一角色的人办理。\n\n"
            "$ gongkai withdraw-consultation 12 --reason 经核实不涉及该局"
        ),
        (
            "Withdraw a consultation that nobody has answered\n\n"
            "For who asked or, if that account is disabled, somebody of the same role.\n\n"
            "$ gongkai withdraw-consultation 12 --reason 经核实不涉及该局"
        ),
    ),
    "help.consultations": (
        (
            "列出尚未办结的征求意见\n\n"
            "本人可以查看的信息：等待答复的、逾期未答复的、有异议的，期限最早的在前。\n\n"
            "$ gongkai consultations"
        ),
        (
            "List consultations that are not done with\n\n"
            "Of the items that you may see: what waits for an answer, what was not answered in time"
            " and what is in dispute; the earliest due day first.\n\n"
            "$ gongkai consultations"
        ),
    ),
    # After publication
    "help.correct": (
        (
            "更正已公开的信息：以原文为底稿建立下一版草稿\n\n"
            "由信息员办理，须写明向公众公布的更正说明。下一版是单独的一件信息，有自己的索引号，走完"
            "全部流程后公开；在此之前原版仍然公开，之后原版标明已有更正版，两版互相链接。法定时限"
            "从变更之日起算。\n\n"
            "$ gongkai correct 12@9 --change-note 更正表二第三行\n"
            "$ gongkai correct 12@9 --change-note 更正表二第三行 --changed-on 2017-03-01"
        ),
        (
            "Correct something public: open its next edition as a draft with its text\n\n"
            "For a clerk, with a note of what changed that the public reads. The next edition is an"
            " item of its own with an index number of its own and goes the whole way; until it is"
            " public the old one stays so, and then says that it was corrected. Their pages link to"
            " each other. Its legal clocks count from the day of the change.\n\n"
            "$ gongkai correct 12@9 --change-note 更正表二第三行\n"
            "$ gongkai correct 12@9 --change-note 更正表二第三行 --changed-on 2017-03-01"
        ),
    ),
    "help.correct.change_note": (
        "向公众公布的更正说明。",
        "What changed, for the public to read.",
    ),
    "help.correct.changed_on": (
        "信息变更的日期；不写即为今天。",
        "The day of the change; today if not said.",
    ),
    "help.retract": (
        (
            "提出撤下已公开的信息，并写明向公众的说明\n\n"
            "由发布员提出，终审员用 confirm-retraction 确认；确认之前信息仍然公开。撤下之后页"
            "面上只留公告和说明。已撤下的，用同一命令修改说明，同样须经确认，撤下日期不变。\n\n"
            "$ gongkai retract 12@9 --explanation 表二数字有误，核实后重新公开"
        ),
        (
            "Ask that something public be taken back, with an explanation for the public\n\n"
            "A publisher asks, a final reviewer confirms with confirm-retraction; until then it"
            " stays public. What is left afterwards is a notice with the explanation. For what is"
            " retracted already the same command amends the explanation, confirmed likewise; the"
            " day of the retraction stays.\n\n"
            "$ gongkai retract 12@9 --explanation 表二数字有误，核实后重新公开"
        ),
    ),
    "help.retract.explanation": (
        "向公众公布的说明。",
        "The explanation that the public reads.",
    ),
    "help.confirm_retraction": (
        (
            "确认撤下，或者确认修改后的说明\n\n"
            "须由提出者以外的终审员办理。公开渠道上的内容随即换成公告；未完成的法定时限终止。\n\n"
            "$ gongkai confirm-retraction 12@10"
        ),
        (
            "Confirm a retraction, or its amended explanation\n\n"
            "For a final reviewer other than who asked. A notice takes the place of the content,"
            " and the clocks that still run are voided.\n\n"
            "$ gongkai confirm-retraction 12@10"
        ),
    ),
    "help.restore": (
        (
            "提出恢复已撤下的信息\n\n"
            "由发布员提出并写明理由，终审员用 confirm-restoration 确认。恢复后内容、摘要和发布时间"
            "与撤下之前完全相同。\n\n"
            "$ gongkai restore 12@11 --reason 经核实数字无误"
        ),
        (
            "Ask that something retracted be public again\n\n"
            "A publisher asks, with a reason, and a final reviewer confirms with"
            " confirm-restoration. Content, digest and time of publication are then exactly what"
            " they were.\n\n"
            "$ gongkai restore 12@11 --reason 经核实数字无误"
        ),
    ),
    "help.confirm_restoration": (
        (
            "确认恢复\n\n"
            "须由提出者以外的终审员办理；发布前的核对再做一遍。\n\n"
            "$ gongkai confirm-restoration 12@12"
        ),
        (
            "Confirm a restoration\n\n"
            "For a final reviewer other than who asked; the gate of publication is asked again.\n\n"
            "$ gongkai confirm-restoration 12@12"
        ),
    ),
    "help.validity": (
        (
            "提出变更已公开文件的有效性\n\n"
            "由文件所属部门的负责人提出，写明依据和起始日期，发布员用 confirm-validity 确认后公布在"
            "网页上。有 --replaced-by 的，两个网页互相链接，对方尚未公开的等其公开之后。"
            "正文、摘要和发布时间都不变；有效期届满的文件自动显示为已失效。\n\n"
            "$ gongkai validity 12@9 --status repealed --basis 样例发〔2017〕9号 --from 2017-04-01"
            " --replaced-by 31"
        ),
        (
            "Ask that another validity of a public document be recorded\n\n"
            "The head of its department asks, with the basis and the day from which it holds; it is"
            " public once a publisher confirms it with confirm-validity. With --replaced-by both"
            " pages link each other, as soon as both are public. Text, digest and time of"
            " publication stay; what is past its last day is shown as lapsed by itself.\n\n"
            "$ gongkai validity 12@9 --status repealed --basis 样例发〔2017〕9号 --from 2017-04-01"
            " --replaced-by 31"
        ),
    ),
    "help.validity.status": (
        "有效、已修改、已废止或者已失效。",
        "In force, amended, repealed or lapsed.",
    ),
    "help.validity.basis": (
        "依据的文件或者决定，将向公众公布。",
        "The document or decision behind it, which the public reads.",
    ),
    "help.validity.from_on": (
        "自哪一天起；可以是将来的日期。",
        "The day from which it holds; it may be ahead.",
    ),
    "help.validity.replaced_by": (
        "取代它的文件，可以写几个。",
        "A document that replaces it; may be repeated.",
    ),
    "help.confirm_validity": (
        (
            "确认有效性的变更\n\n"
            "须由提出者以外的发布员办理；网页随即标明。\n\n"
            "$ gongkai confirm-validity 12@10"
        ),
        (
            "Confirm another validity\n\n"
            "For a publisher other than who asked; the page says so from then on.\n\n"
            "$ gongkai confirm-validity 12@10"
        ),
    ),
    "help.new.replaces": (
        "本文件取代的、本机构已公开的文件，可以写几个。",
        "A public document of the same body that this one replaces; may be repeated.",
    ),
    "help.publish_urgently": (
        (
            "提出紧急发布：在审核全部办结之前公开\n\n"
            "须写明理由，并由两人办理：一名发布员，一名流程所指定的人（`gongkai policy show`）。"
            "其中一人用本命令提出，另一人用 confirm-urgent-publication 确认；提出之前看不到该信息的"
            "发布员，此后可以看到。未办的环节在公开之后补审，补齐之前处处标明。\n\n"
            "$ gongkai publish-urgently 12@4 --reason 汛情预警，须立即公开"
        ),
        (
            "Ask for an urgent publication: ahead of the stages that are still open\n\n"
            "It takes a reason and two people: a publisher, and a person whom the policy names"
            " (`gongkai policy show`). One of them asks with this command, the other confirms with"
            " confirm-urgent-publication; publishers see an item that was not theirs to see yet"
            " once it was asked for. The open stages are made up for once it is public, and until"
            " then it says so everywhere.\n\n"
            "$ gongkai publish-urgently 12@4 --reason 汛情预警，须立即公开"
        ),
    ),
    "help.confirm_urgent_publication": (
        (
            "确认紧急发布\n\n"
            "由提出者以外的另一人办理，两人之中须有一名发布员。信息随即发布；未办的环节由各环节用"
            "原来的命令补审。认为不应公开的，由当前环节或者发布员提出撤下（retract）。\n\n"
            "$ gongkai confirm-urgent-publication 12@5"
        ),
        (
            "Confirm an urgent publication\n\n"
            "For the other one of the two; one of them is a publisher. It is published at once, and"
            " each open stage is made up for with its usual command. Who finds that it should not"
            " be public, at that stage or as a publisher, asks for its retraction (retract).\n\n"
            "$ gongkai confirm-urgent-publication 12@5"
        ),
    ),
    "help.call_off": (
        (
            "取消尚未确认的撤下、恢复、有效性变更或者紧急发布\n\n"
            "一切照旧。\n\n$ gongkai call-off 12@10"
        ),
        (
            "Call off what was asked for and nobody has confirmed: a retraction, a restoration,"
            " another validity or an urgent publication\n\n"
            "Everything stays as it is.\n\n"
            "$ gongkai call-off 12@10"
        ),
    ),
    # Calendars and clocks
    "help.calendar": (
        "工作日历和期限的推算\n\n$ gongkai calendar due 2016-02-05",
        "Working days, and when something is due\n\n$ gongkai calendar due 2016-02-05",
    ),
    "help.calendar.show": (
        (
            "显示工作日历：各年的放假通知和调整的日期\n\n"
            "$ gongkai calendar show\n"
            "$ gongkai calendar show --year 2016 --shipped"
        ),
        (
            "Print the calendar: the notices of each year and the days they turn\n\n"
            "$ gongkai calendar show\n"
            "$ gongkai calendar show --year 2016 --shipped"
        ),
    ),
    "help.calendar.show.year": ("只看这一年，并列出每一天。", "This year only, with its days."),
    "help.calendar.show.number": ("查看以前的版本。", "An earlier version."),
    "help.calendar.check": (
        (
            "检查工作日历能否满足在办期限\n\n"
            "自 11 月 1 日起，下一年的通知还没有录入的，退出状态为 1。\n\n"
            "$ gongkai calendar check"
        ),
        (
            "Look whether the calendar is fit for the deadlines that are open\n\n"
            "From 1 November on, the exit status is 1 while the next year is missing.\n\n"
            "$ gongkai calendar check"
        ),
    ),
    "help.calendar.history": (
        "列出工作日历的各个版本\n\n$ gongkai calendar history",
        "List every version of the calendar\n\n$ gongkai calendar history",
    ),
    "help.calendar.apply": (
        (
            "录入放假通知；先显示变动，加 --yes 才改\n\n"
            "可以读取本系统的 TOML、holiday-cn 的 JSON 和 iCalendar 文件。所有在办期限在同一次办理"
            "中重算，原日期保留，误报的逾期撤销。\n\n"
            "$ gongkai calendar apply 2027.toml\n"
            "$ gongkai calendar apply 2027.json --notice-title 2027年放假通知 --yes"
        ),
        (
            "Show what a calendar file would change; with --yes, change it\n\n"
            "Reads our TOML, the JSON of holiday-cn, and iCalendar. All open deadlines are worked"
            " out again in the same act; old dates are kept and a false overdue is"
            " withdrawn.\n\n"
            "$ gongkai calendar apply 2027.toml\n"
            "$ gongkai calendar apply 2027.json --notice-title 2027年放假通知 --yes"
        ),
    ),
    "help.calendar.apply.file": (
        "日历文件（.toml、.json、.ics）。",
        "Calendar file (.toml, .json, .ics).",
    ),
    "help.calendar.apply.notice_number": (
        "文件本身没有的通知文号。",
        "Number of the notice, for a file that carries none.",
    ),
    "help.calendar.apply.notice_title": (
        "文件本身没有的通知标题。",
        "Title of the notice, for a file that carries none.",
    ),
    "help.calendar.apply.issued_on": ("通知的日期。", "Date of the notice."),
    "help.calendar.apply.year": (
        "iCalendar 文件所安排的年份。",
        "The year that an iCalendar file arranges.",
    ),
    "help.calendar.apply.reason": ("录入的说明。", "Why it is applied."),
    "help.calendar.revert": (
        (
            "恢复以前的工作日历，作为新的版本；先显示变动，加 --yes 才改\n\n"
            "$ gongkai calendar revert 1 --reason 录入有误 --yes"
        ),
        (
            "Bring an earlier version back as a new one; with --yes, do it\n\n"
            "$ gongkai calendar revert 1 --reason 录入有误 --yes"
        ),
    ),
    "help.calendar.revert.number": ("要恢复的版本。", "The version to bring back."),
    "help.calendar.revert.reason": ("恢复的原因。", "Why it is brought back."),
    "help.calendar.due": (
        (
            "推算期限，不需要登录\n\n"
            "按数据库中启用的日历推算；没有数据库的，按随附的日历。不写 --days 时给出两个法定期限。"
            "超出通知覆盖范围的标明 provisional（暂计）。\n\n"
            "$ gongkai calendar due 2016-02-05\n"
            "$ gongkai calendar due 2016-02-05 2016-09-02 --days 7 --shipped"
        ),
        (
            "Work out when something is due; needs no login\n\n"
            "By the calendar in force, or by the shipped one where there is no database. Without"
            " --days both legal clocks are answered. What no notice covers yet is marked"
            " provisional.\n\n"
            "$ gongkai calendar due 2016-02-05\n"
            "$ gongkai calendar due 2016-02-05 2016-09-02 --days 7 --shipped"
        ),
    ),
    "help.calendar.due.dates": (
        "起算日（当日不计）；- 表示从标准输入读取。",
        "Days of the event, which are not counted; - reads them from standard input.",
    ),
    "help.calendar.due.days": ("天数。", "How many days."),
    "help.calendar.due.unit": ("工作日或者自然日。", "Working or calendar days."),
    "help.option.shipped": ("采用随附的工作日历。", "The calendar that ships."),
    "help.option.yes": ("确认改动。", "Do it, after you have looked."),
    "help.item": (
        "对单件信息的管理\n\n$ gongkai item correct-date --help",
        "What administrators do to one item\n\n$ gongkai item correct-date --help",
    ),
    "help.item.correct_date": (
        (
            "更正提交之后发现有误的生成日期，重算期限\n\n"
            "正文和索引号不变，更正记入办理记录。草稿的生成日期由拟稿部门用 revise 修改。\n\n"
            "$ gongkai item correct-date 12 --formed-on 2017-01-10 --formed-on-basis signature"
            " --reason 签发日期录错"
        ),
        (
            "Correct a formation date after submission, and work the clocks out again\n\n"
            "Text and index number stay; the correction is in the trail. The date of a draft is"
            " changed by its clerk, with revise.\n\n"
            "$ gongkai item correct-date 12 --formed-on 2017-01-10 --formed-on-basis signature"
            " --reason 签发日期录错"
        ),
    ),
    "help.item.correct_date.formed_on": ("正确的生成日期。", "The right formation date."),
    "help.item.correct_date.basis": ("该日期的依据。", "What that date is."),
    "help.item.correct_date.reason": ("更正的原因。", "Why it is corrected."),
    "help.clock": (
        "期限的暂停和恢复\n\n$ gongkai clock pause --help",
        "Let a clock rest and run\n\n$ gongkai clock pause --help",
    ),
    "help.clock.pause": (
        (
            "暂停一个期限，只限规则允许的；主动公开的期限不能暂停\n\n"
            "$ gongkai clock pause 12 reply --reason 征求第三方意见"
        ),
        (
            "Let a clock rest where its rule allows it; proactive disclosure allows none\n\n"
            "$ gongkai clock pause 12 reply --reason 征求第三方意见"
        ),
    ),
    "help.clock.pause.clock": ("期限的代码。", "The clock."),
    "help.clock.pause.reason": ("暂停的原因。", "Why it rests."),
    "help.clock.resume": (
        "恢复计算，期限按暂停的天数顺延\n\n$ gongkai clock resume 12 reply",
        (
            "Let a clock run again; its last day moves by the days it rested\n\n"
            "$ gongkai clock resume 12 reply"
        ),
    ),
    "help.clock.resume.clock": ("期限的代码。", "The clock."),
    "help.late_reason": (
        (
            "说明逾期公开的原因（在期限内已决定公开、送达时已逾期的）\n\n"
            "$ gongkai late-reason 12 --reason 站点故障"
        ),
        (
            "Say why a publication that was decided in time arrived late\n\n"
            "$ gongkai late-reason 12 --reason 站点故障"
        ),
    ),
    "help.late_reason.reason": ("逾期的原因。", "Why it came late."),
    "help.retry": (
        "重新发布未能送达的信息\n\n$ gongkai retry 12@9",
        "Publish again what could not be delivered\n\n$ gongkai retry 12@9",
    ),
    # Reading points
    "help.option.point": (
        "公共查阅点的代码或者全称。",
        "Code or full name of the reading point.",
    ),
    "help.option.html": (
        "把可打印的表格写入这个文件。",
        "Write the form, ready to be printed, to this file.",
    ),
    "help.deliver": (
        (
            "把审核完毕的信息送交公共查阅点，生成送交目录表\n\n"
            "不论是否已经上网，审核完毕即可送交。一次调用生成一份编号的目录表；--html 同时写出"
            "目录表和交接文据，供双方签字盖章。签收由查阅点人员另行登记。\n\n"
            "$ gongkai deliver 12 13 --to YL-LIBRARY\n"
            "$ gongkai deliver 12 --to YL-ARCHIVES --paper 2 --electronic 1 --html 12.html"
        ),
        (
            "Deliver what is cleared to a reading point, on a delivery list\n\n"
            "Possible once an item is cleared, whether or not it is online. Each call makes one"
            " numbered list; --html also writes the list and the hand-over record for both sides"
            " to sign and stamp. The reading point records its receipt itself.\n\n"
            "$ gongkai deliver 12 13 --to YL-LIBRARY\n"
            "$ gongkai deliver 12 --to YL-ARCHIVES --paper 2 --electronic 1 --html 12.html"
        ),
    ),
    "help.deliver.items": (
        "信息编号或者索引号；可以写几条，- 表示从标准输入逐行读取。",
        (
            "Number or index number; several may be named, and - reads them from standard input,"
            " one a line."
        ),
    ),
    "help.deliver.to": (
        "公共查阅点的代码或者全称。",
        "Code or full name of the reading point.",
    ),
    "help.deliver.paper": ("每条信息的纸质份数。", "Copies of each item on paper."),
    "help.deliver.electronic": ("每条信息的电子份数。", "Electronic copies of each item."),
    "help.receive": (
        (
            "登记公共查阅点的签收\n\n"
            "由该查阅点的人员登记，送交人不能自己签收。份数须与送交的一致，交接日期以文据为准，"
            "三天以后才登记的会注明。必送查阅点全部签收后，30 个工作日的期限按最晚的交接日期完"
            "成。\n\n"
            "$ gongkai receive 12 --handed-over-on 2017-02-06 --paper 1 --electronic 1\n"
            "$ gongkai receive --list YL-LIBRARY/2017-0001 --handed-over-on 2017-02-06 --paper 1"
            " --electronic 1"
        ),
        (
            "Record what a reading point has received\n\n"
            "By somebody of that point, and never by who delivered it. The copies must be those"
            " that were sent; the day is that of the signed record, and a receipt recorded more"
            " than three days later is flagged. With the last receipt of all required points the"
            " 30-day clock is met, on the latest of their days.\n\n"
            "$ gongkai receive 12 --handed-over-on 2017-02-06 --paper 1 --electronic 1\n"
            "$ gongkai receive --list YL-LIBRARY/2017-0001 --handed-over-on 2017-02-06 --paper 1"
            " --electronic 1"
        ),
    ),
    "help.receive.items": (
        "信息编号或者索引号；可以写几条，- 表示从标准输入逐行读取。",
        (
            "Number or index number; several may be named, and - reads them from standard input,"
            " one a line."
        ),
    ),
    "help.receive.list_": (
        "整份签收这个编号的送交目录表。",
        "Receive all of the delivery list with this number.",
    ),
    "help.receive.point": (
        "在几个查阅点任职时，写明是哪一个。",
        "Which reading point, for people of several.",
    ),
    "help.receive.handed_over_on": (
        "交接文据上的日期。",
        "The day on the hand-over record.",
    ),
    "help.receive.paper": ("每条信息实收的纸质份数。", "Copies of each item received on paper."),
    "help.receive.electronic": (
        "每条信息实收的电子份数。",
        "Electronic copies of each item received.",
    ),
    "help.withdraw_delivery": (
        (
            "申请撤回已送交的信息，以便更换或者不再提供\n\n"
            "须写明理由，并由督查员或者终审员批准（`gongkai confirm-withdrawal`）。批准以前送"
            "交仍然有效。\n\n"
            "$ gongkai withdraw-delivery 12 --from YL-LIBRARY --reason 附件印刷有误"
        ),
        (
            "Ask to withdraw what was delivered, to replace it or for good\n\n"
            "Needs a reason, and the approval of a supervisor or final reviewer (`gongkai"
            " confirm-withdrawal`); until then the delivery stands.\n\n"
            "$ gongkai withdraw-delivery 12 --from YL-LIBRARY --reason 附件印刷有误"
        ),
    ),
    "help.withdraw_delivery.items": (
        "信息编号或者索引号；可以写几条，- 表示从标准输入逐行读取。",
        (
            "Number or index number; several may be named, and - reads them from standard input,"
            " one a line."
        ),
    ),
    "help.confirm_withdrawal": (
        (
            "批准撤回已送交的信息\n\n"
            "由申请人以外的督查员或者终审员办理。撤回的送交不再计算；已经完成的期限不变。\n\n"
            "$ gongkai confirm-withdrawal 12 --from YL-LIBRARY"
        ),
        (
            "Approve that what was delivered is withdrawn\n\n"
            "By a supervisor or final reviewer who did not ask for it. What is withdrawn no longer"
            " counts; a clock that is met stays met.\n\n"
            "$ gongkai confirm-withdrawal 12 --from YL-LIBRARY"
        ),
    ),
    "help.confirm_withdrawal.items": (
        "信息编号或者索引号；可以写几条，- 表示从标准输入逐行读取。",
        (
            "Number or index number; several may be named, and - reads them from standard input,"
            " one a line."
        ),
    ),
    "help.nil_return": (
        (
            "零报告：某月没有应送交的信息\n\n"
            "每个查阅点每月一次，月份结束以后办理；该月送交过的不能零报告。\n\n"
            "$ gongkai nil-return YL-LIBRARY --month 2017-02"
        ),
        (
            "Report that there was nothing to deliver in a month\n\n"
            "Once for each reading point and month, after the month, and only if nothing was"
            " delivered in it.\n\n"
            "$ gongkai nil-return YL-LIBRARY --month 2017-02"
        ),
    ),
    "help.nil_return.month": ("月份，例如 2017-02。", "The month, such as 2017-02."),
    "help.deliveries": (
        (
            "列出送交目录表，或者尚未送交和等待签收的信息\n\n"
            "--open 列出应送交必送查阅点而未送交的信息（期限最近的在前）、等待签收的信息，"
            "以及等待批准的撤回；"
            "--list 显示一份目录表，加 --html 写出可打印的目录表和交接文据。\n\n"
            "$ gongkai deliveries --open\n"
            "$ gongkai deliveries --point YL-LIBRARY\n"
            "$ gongkai deliveries --list YL-LIBRARY/2017-0001 --html list.html"
        ),
        (
            "List deliveries, or what is owed and what waits for a receipt\n\n"
            "--open lists what has still to be delivered to required points, the most urgent"
            " first, what waits for a receipt, and withdrawals to be approved; --list shows one"
            " delivery list, and with --html writes it and its hand-over record ready to be"
            " printed.\n\n"
            "$ gongkai deliveries --open\n"
            "$ gongkai deliveries --point YL-LIBRARY\n"
            "$ gongkai deliveries --list YL-LIBRARY/2017-0001 --html list.html"
        ),
    ),
    "help.deliveries.open_": (
        "只列尚未送交、等待签收和等待批准撤回的。",
        "Only what is owed and what waits, for a receipt or for approval.",
    ),
    "help.deliveries.list_": (
        "显示这个编号的送交目录表。",
        "Show the delivery list with this number.",
    ),
    "help.deliveries.limit": ("最多列出多少行。", "How many rows at most."),
    # Administrators
    "help.init": (
        (
            "建立系统：数据目录、数据库、机构、流程、第一名管理员\n\n"
            "目录和文件只有所有者可以读取。已经建立过的不会改动；中途失败的不留下任何东西。\n\n"
            "$ gongkai init --admin admin --organisation bodies.toml\n"
            "$ gongkai init --admin admin --sample --rehearsal --password-stdin < password.txt"
        ),
        (
            "Set up an office: data directory, database, bodies, policy, first administrator\n\n"
            "Directory and files can be read by their owner alone. Where there is an office"
            " already,"
            " nothing is changed; after a failure nothing is left behind.\n\n"
            "$ gongkai init --admin admin --organisation bodies.toml\n"
            "$ gongkai init --admin admin --sample --rehearsal --password-stdin < password.txt"
        ),
    ),
    "help.init.admin": ("第一名管理员的账号名。", "Account name of the first administrator."),
    "help.init.admin_display_name": ("其姓名。", "That person's name."),
    "help.init.name": (
        "系统的名称；默认用机构文件中的名称。",
        "Name of the office; by default the one in the file of bodies.",
    ),
    "help.init.organisation": ("机构文件（TOML）。", "File of the bodies (TOML)."),
    "help.init.sample": ("使用随附的样例机构。", "Take the sample bodies that come with us."),
    "help.init.policy": (
        "随附流程的代码，或者流程文件；默认 dongchang。",
        "Code of a policy that comes with us, or a file; dongchang by default.",
    ),
    "help.init.rehearsal": (
        "演练库：可以用 GONGKAI_NOW 设定时间，所有输出都标明是演练。",
        "Make it a rehearsal, whose clock GONGKAI_NOW may set and whose output says so.",
    ),
    "help.upgrade": (
        "升级数据库，以适应新版程序\n\n$ gongkai upgrade --dry-run\n$ gongkai upgrade",
        (
            "Bring the database up to a new release of the program\n\n"
            "$ gongkai upgrade --dry-run\n"
            "$ gongkai upgrade"
        ),
    ),
    "help.user": (
        "账号\n\n$ gongkai user list",
        "Accounts\n\n$ gongkai user list",
    ),
    "help.user.add": (
        (
            "添加账号\n\n"
            "得到一个只显示一次的一次性密码，本人首次登录时须修改。角色另用 `gongkai role"
            " grant` 授予。\n\n"
            "$ gongkai user add li.mou --display-name 李某"
        ),
        (
            "Add an account\n\n"
            "A one-time password is shown once, to be changed at the first login. Roles are"
            " given with"
            " `gongkai role grant`.\n\n"
            "$ gongkai user add li.mou --display-name 李某"
        ),
    ),
    "help.user.add.display_name": ("姓名。", "Name of the person."),
    "help.user.add.language": (
        "提醒和通知用哪种语言写给其本人。",
        "Language of the alerts and notices that are sent to the person.",
    ),
    "help.user.add.password_stdin": (
        "从标准输入读取首次登录的密码，不另行生成。",
        "Read the first password from standard input instead of making one.",
    ),
    "help.user.list": (
        "列出账号及其角色\n\n$ gongkai user list",
        "List the accounts with their roles\n\n$ gongkai user list",
    ),
    "help.user.reset": (
        "重置密码，结束其全部登录\n\n$ gongkai user reset li.mou",
        "Give a new one-time password and end all logins\n\n$ gongkai user reset li.mou",
    ),
    "help.user.enable": (
        "启用账号\n\n$ gongkai user enable li.mou",
        "Enable an account\n\n$ gongkai user enable li.mou",
    ),
    "help.user.disable": (
        (
            "停用账号，结束其全部登录\n\n"
            "不移动任何信息；结束其代理，列出正等待此人的事项、可接办的人，"
            "以及只有此人担任的角色。加 --dry-run 只列出。\n\n"
            "$ gongkai user disable li.mou --dry-run\n"
            "$ gongkai user disable li.mou"
        ),
        (
            "Disable an account and end all its logins\n\n"
            "Nothing is moved. Delegations of and to the person end, and it lists what waits on"
            " them, who else could see to it, and the roles that nobody else holds; with --dry-run"
            " it only lists.\n\n"
            "$ gongkai user disable li.mou --dry-run\n"
            "$ gongkai user disable li.mou"
        ),
    ),
    "help.role": (
        "角色\n\n$ gongkai role list",
        "Roles\n\n$ gongkai role list",
    ),
    "help.role.grant": (
        (
            "授予角色\n\n"
            "$ gongkai role grant li.mou department-head --body YL-CIVIL\n"
            "$ gongkai role grant zhao.mou auditor"
        ),
        (
            "Give a role\n\n"
            "$ gongkai role grant li.mou department-head --body YL-CIVIL\n"
            "$ gongkai role grant zhao.mou auditor"
        ),
    ),
    "help.role.revoke": (
        "收回角色\n\n$ gongkai role revoke li.mou department-head --body YL-CIVIL",
        "End a role\n\n$ gongkai role revoke li.mou department-head --body YL-CIVIL",
    ),
    "help.role.list": (
        "列出各人的角色\n\n$ gongkai role list\n$ gongkai role list li.mou",
        "List who holds which role\n\n$ gongkai role list\n$ gongkai role list li.mou",
    ),
    "help.waiver": (
        (
            "豁免\n\n"
            "$ gongkai waiver li.mou --own-text --until 2017-06-30 --reason 本单位仅有一名领导\n"
            "$ gongkai waiver list"
        ),
        (
            "Waivers\n\n"
            "$ gongkai waiver li.mou --own-text --until 2017-06-30 --reason 本单位仅有一名领导\n"
            "$ gongkai waiver list"
        ),
    ),
    "help.waiver.give": (
        (
            "为人手少的单位豁免职责分离\n\n"
            "由督查员准予，写明姓名、事由和最后一天，不能给自己。每次使用都在决定和记录上标明。"
            "保密审查、发布，以及须两人办理的撤下、恢复、清除和撤回送交，永远不能豁免。"
            "动词 give 可以省略。\n\n"
            "$ gongkai waiver give li.mou --own-text --until 2017-06-30 --reason 仅有一名领导\n"
            "$ gongkai waiver give li.mou --two-stages --until 2017-06-30 --reason 印章管理员空缺"
        ),
        (
            "Lift the separation of duties for a person of a small office\n\n"
            "Supervisors give it, by name, with a reason and a last day, and never to themselves."
            " Every use is marked on the decision and in the trail. Never lifted are the"
            " confidentiality review, publication, and what two people retract, restore, purge or"
            " withdraw. The word give can be left out.\n\n"
            "$ gongkai waiver give li.mou --own-text --until 2017-06-30 --reason 仅有一名领导\n"
            "$ gongkai waiver give li.mou --two-stages --until 2017-06-30 --reason 印章管理员空缺"
        ),
    ),
    "help.waiver.give.name": ("账号名。", "Name of the account."),
    "help.waiver.give.own_text": (
        "可就本人拟写的信息作决定。",
        "They may decide on what they wrote themselves.",
    ),
    "help.waiver.give.two_stages": (
        "可在同一轮的两个环节作决定。",
        "They may decide at two stages of a round.",
    ),
    "help.waiver.give.until_on": ("最后一天。", "Last day."),
    "help.waiver.give.reason": ("事由。", "Why."),
    "help.waiver.list": (
        (
            "列出豁免及使用次数\n\n管理员、督查员和审计员可见全部，其他人可见本人的。\n\n"
            "$ gongkai waiver list\n$ gongkai waiver list --closed"
        ),
        (
            "List the waivers, and how often each was used\n\nAdministrators, supervisors and"
            " auditors see all, others their own.\n\n"
            "$ gongkai waiver list\n$ gongkai waiver list --closed"
        ),
    ),
    "help.waiver.list.closed": ("包括已结束的。", "Those that are over, too."),
    "help.waiver.end": (
        "提前结束豁免\n\n$ gongkai waiver end 2",
        "End a waiver early\n\n$ gongkai waiver end 2",
    ),
    "help.waiver.end.number": ("豁免的编号。", "The number of the waiver."),
    "help.delegate": (
        (
            "代理\n\n"
            "$ gongkai delegate li.mou wang.mou --until 2017-02-10 --reason 年休假\n"
            "$ gongkai delegate list"
        ),
        (
            "Deputies\n\n"
            "$ gongkai delegate li.mou wang.mou --until 2017-02-10 --reason 年休假\n"
            "$ gongkai delegate list"
        ),
    ),
    "help.delegate.give": (
        (
            "由代理人在若干日内代为办理\n\n"
            "首尾两日都算在内。代理人在此期间以被代理人的角色查看和办理，记录写明“代某某”；"
            "职责分离把两人视为一人。动词 give 可以省略。\n\n"
            "$ gongkai delegate give li.mou wang.mou --from 2017-02-06 --until 2017-02-10 "
            "--reason 年休假\n"
            "$ gongkai delegate give li.mou wang.mou --until 2017-02-10 --role department-head "
            "--reason 出差"
        ),
        (
            "Have somebody stand in for a person for some days\n\n"
            "Both days count. Meanwhile the deputy sees and does what the principal's roles do,"
            ' recorded as "deputy for" the principal; for the separation of duties the two are one'
            " person. The word give can be left out.\n\n"
            "$ gongkai delegate give li.mou wang.mou --from 2017-02-06 --until 2017-02-10"
            " --reason 年休假\n"
            "$ gongkai delegate give li.mou wang.mou --until 2017-02-10 --role department-head"
            " --reason 出差"
        ),
    ),
    "help.delegate.give.principal": ("被代理人的账号名。", "Account of the person who is away."),
    "help.delegate.give.deputy": ("代理人的账号名。", "Account of the one who stands in."),
    "help.delegate.give.from_on": ("第一天，不写即今天。", "First day; today if not said."),
    "help.delegate.give.until_on": ("最后一天。", "Last day."),
    "help.delegate.give.reason": ("事由。", "Why."),
    "help.delegate.give.role": (
        "只代理这一角色；不写即全部角色。",
        "Only this role; all roles if not said.",
    ),
    "help.delegate.give.body": ("该角色所在的机构。", "The body that the role is held for."),
    "help.delegate.list": (
        (
            "列出代理\n\n管理员、督查员和审计员可见全部，其他人可见与本人有关的。\n\n"
            "$ gongkai delegate list\n$ gongkai delegate list --closed"
        ),
        (
            "List who stands in for whom\n\nAdministrators, supervisors and auditors see all,"
            " others what concerns themselves.\n\n"
            "$ gongkai delegate list\n$ gongkai delegate list --closed"
        ),
    ),
    "help.delegate.list.closed": ("包括已结束的。", "Those that are over, too."),
    "help.delegate.end": (
        "提前结束代理\n\n$ gongkai delegate end 3",
        "End a delegation early\n\n$ gongkai delegate end 3",
    ),
    "help.delegate.end.number": ("代理的编号。", "The number of the delegation."),
    "help.option.role": (
        (
            "clerk、deputy-head、department-head、seal-keeper、confidentiality-reviewer、"
            "final-reviewer、"
            "publisher、reading-point-clerk、supervisor、auditor、administrator 之一。"
        ),
        (
            "One of clerk, deputy-head, department-head, seal-keeper, confidentiality-reviewer,"
            " final-reviewer, publisher, reading-point-clerk, supervisor, auditor, administrator."
        ),
    ),
    "help.option.body": (
        "机构的代码或者全称；只有一个机构可用时可以不写。",
        "Code or full name of the body; may be left out where only one fits.",
    ),
    "help.organisation": (
        "机构\n\n$ gongkai organisation show",
        "Bodies\n\n$ gongkai organisation show",
    ),
    "help.organisation.hand_over": (
        (
            "把已合并机构的在办信息移交给承继机构\n\n"
            "承继机构人员随之取得原机构的同名角色，不在承继机构任职的不再担任；信息本身、索引号、"
            "办理记录、时限和流程都不变。"
            "向原机构征求的意见由承继机构领导答复，答复期限不变。"
            "承继机构来了新人，再运行一次。加 --dry-run 先列出。\n\n"
            "$ gongkai organisation hand-over YL-CIVIL --reason 机构改革 --dry-run"
        ),
        (
            "Hand what a merged body has under way over to its successor\n\n"
            "The successor's people get their roles for the merged body, too, and who has no place"
            " there loses theirs. The items stay as they are, with index numbers, trail, clocks and"
            " policy. What the merged body was asked is answered by the successor's heads, by the"
            " same day. Run it again when somebody new comes there; --dry-run lists it first.\n\n"
            "$ gongkai organisation hand-over YL-CIVIL --reason 机构改革 --dry-run"
        ),
    ),
    "help.organisation.import": (
        (
            "按文件增加、更名、撤销机构\n\n"
            "从不删除机构，也不改变类别；在终端上先列出变动，再询问。"
            "FILE 也可以写随附的机构：dongchang。"
            "撤销的机构（closed_on、merged_into）不再录入新的信息，尚未办结的会列出来。\n\n"
            "$ gongkai organisation import bodies.toml --dry-run\n"
            "$ gongkai organisation import bodies.toml"
        ),
        (
            "Add, rename and close bodies as a file says\n\n"
            "No body is ever removed, and none changes its kind; on a terminal the changes are"
            " shown first, and you are asked. FILE may name a shipped organisation: dongchang. A"
            " body that is closed (closed_on, merged_into) takes no new items, and what is still"
            " under way there is listed.\n\n"
            "$ gongkai organisation import bodies.toml --dry-run\n"
            "$ gongkai organisation import bodies.toml"
        ),
    ),
    "help.organisation.import.file": ("机构文件（TOML）。", "File of the bodies (TOML)."),
    "help.organisation.show": (
        "列出全部机构\n\n$ gongkai organisation show",
        "List all bodies\n\n$ gongkai organisation show",
    ),
    "help.policy": (
        "流程\n\n$ gongkai policy show",
        "Policies\n\n$ gongkai policy show",
    ),
    "help.policy.show": (
        (
            "查看流程：环节、角色、目录分类、理由和原因代码\n\n"
            "不写名称时查看使用中的流程（须登录）。\n\n"
            "$ gongkai policy show\n"
            "$ gongkai policy show two_tier"
        ),
        (
            "Look at a policy: stages, roles, catalogue, grounds and codes\n\n"
            "Without a name, the one in use, for which one signs in.\n\n"
            "$ gongkai policy show\n"
            "$ gongkai policy show two_tier"
        ),
    ),
    "help.policy.show.policy": (
        "随附流程的代码，或者流程文件。",
        "Code of a policy that comes with us, or a file.",
    ),
    "help.policy.check": (
        "检查流程文件，证明没有路径绕过必经环节\n\n$ gongkai policy check our-policy.toml",
        (
            "Check a policy file and prove that no path skips a stage\n\n"
            "$ gongkai policy check our-policy.toml"
        ),
    ),
    "help.policy.check.file": ("流程文件（TOML）。", "File of the policy (TOML)."),
    "help.policy.plan": (
        (
            "列出启用另一流程会涉及的在办信息，不作改动\n\n"
            "先列件数，再逐件说明：转到哪个环节、还须经过哪些环节、哪些决定仍有效、哪些失效、"
            "期限如何变动。最后给出计划的摘要，供 apply 使用。\n\n"
            "$ gongkai policy plan dongchang\n"
            "$ gongkai policy plan our-policy.toml --output plan.csv"
        ),
        (
            "Say what using another policy would do to what is under way; nothing changes\n\n"
            "Counts first, then each item: where it goes, which stages it still owes, which"
            " decisions count on and which are void, and what its clocks do. Last the digest of the"
            " plan, for apply.\n\n"
            "$ gongkai policy plan dongchang\n"
            "$ gongkai policy plan our-policy.toml --output plan.csv"
        ),
    ),
    "help.policy.plan.keep_open": (
        "在办信息仍按原流程办理。",
        "What is under way stays with its own policy.",
    ),
    "help.policy.plan.limit": ("最多列出多少件。", "How many items to list at most."),
    "help.policy.plan.offset": ("跳过前面多少件。", "How many items to leave out first."),
    "help.policy.plan.all": ("全部列出。", "List all of them."),
    "help.policy.plan.output": (
        "写入文件（CSV、XLSX 或 JSON Lines，按扩展名）。",
        "Write them all to a file (CSV, XLSX or JSON Lines, by its ending).",
    ),
    "help.policy.plan.policy": ("随附流程的代码或者文件。", "Code of a shipped policy, or a file."),
    "help.policy.apply": (
        (
            "启用另一流程\n\n"
            "新信息按它办理；在办信息按计划转入：新增的环节须补办，取消的环节不等于通过，"
            "不会因此批准或者公开任何信息。写明 --plan 时，情况有变就不办理。\n\n"
            "$ gongkai policy apply dongchang --reason 启用新版流程\n"
            "$ gongkai policy apply our-policy.toml --plan 9c1f…e2 --reason 增加一个环节"
        ),
        (
            "Use another policy from now on\n\n"
            "New items follow it, and what is under way is carried over as the plan says: a stage"
            " that was added is owed, one that was removed approves nothing, and nothing is"
            " published by it. With --plan nothing is done if the office has moved on since.\n\n"
            "$ gongkai policy apply dongchang --reason 启用新版流程\n"
            "$ gongkai policy apply our-policy.toml --plan 9c1f…e2 --reason 增加一个环节"
        ),
    ),
    "help.policy.apply.reason": (
        "为什么更换流程；记入系统的记录。",
        "Why the policy changes; it goes into the system's trail.",
    ),
    "help.policy.apply.plan": (
        "计划的摘要；与现在的情况不符就不办理。",
        "Digest of a plan; nothing is done if it is not what would be done now.",
    ),
    "help.policy.apply.keep_open": (
        "在办信息仍按原流程办理。",
        "What is under way stays with its own policy.",
    ),
    "help.policy.apply.policy": (
        "随附流程的代码或者文件。",
        "Code of a shipped policy, or a file.",
    ),
    "help.policy.list": (
        "列出使用中的和随附的流程\n\n$ gongkai policy list",
        "List the policies in use and those that come with us\n\n$ gongkai policy list",
    ),
    "help.purge": (
        (
            "彻底清除泄露的内容，须两人办理\n\n"
            "管理员先写明理由提出，另一人用 --confirm 确认；内容随即删除，公开站点同时清理，"
            "摘要、决定和"
            "记录保留。此操作不能撤销。\n\n"
            "$ gongkai purge 3f9a0c2e --ground state_secret --reason 误收涉密文件\n"
            "$ gongkai purge 3f9a0c2e --confirm"
        ),
        (
            "Remove leaked content for good; it takes two people\n\n"
            "An administrator asks, with a ground, and somebody else confirms. The content is then"
            " gone and the public site cleared; digest, decisions and trail stay. It cannot"
            " be undone."
            "\n\n"
            "$ gongkai purge 3f9a0c2e --ground state_secret --reason 误收涉密文件\n"
            "$ gongkai purge 3f9a0c2e --confirm"
        ),
    ),
    "help.purge.target": (
        "修订或者文字意见的摘要，或者附件的 SHA-256，至少前八位。",
        "Digest of a revision or a remark, or SHA-256 of a file, eight digits or more.",
    ),
    "help.purge.confirm": ("确认他人提出的清除。", "Confirm what somebody else has asked for."),
    "help.site": (
        "公开站点\n\n$ gongkai site build",
        "The public site\n\n$ gongkai site build",
    ),
    "help.site.build": (
        "按数据库重建整个站点\n\n逐字节相同；多余的文件会被删去。\n\n$ gongkai site build",
        (
            "Write the whole site anew from the database\n\n"
            "It comes out the same byte for byte; what does not belong is removed.\n\n"
            "$ gongkai site build"
        ),
    ),
    "help.sweep": (
        (
            "把到期该做的全部做一遍：检查期限、发送提醒、启动和送出发布、自检\n\n"
            "与后台任务做的完全相同，不需要消息队列，可由 cron 每五分钟运行一次。时钟跳变时拒绝"
            "运行，直到管理员认可。\n\n"
            "$ gongkai sweep\n"
            '$ gongkai sweep --accept-clock --reason "set right after a new mainboard"'
        ),
        (
            "Do once everything that is due: deadlines, alerts, publications, checks\n\n"
            "Exactly what workers do, without any broker; cron may run it every five minutes. When"
            " the clock has jumped it refuses until an administrator accepts the clock.\n\n"
            "$ gongkai sweep\n"
            '$ gongkai sweep --accept-clock --reason "set right after a new mainboard"'
        ),
    ),
    "help.sweep.accept_clock": (
        "认可本机现在的时钟（管理员）。",
        "Take this host's clock as it is now; administrators only.",
    ),
    "help.sweep.reason": ("认可时钟的理由。", "Why the clock is accepted."),
    "help.sweep.dry_run": ("只说明有多少要做。", "Only tell how much is due."),
    "help.run": (
        (
            "在一个进程中按时运行全部后台任务，直到被要求停止\n\n"
            "小单位用它代替 Celery 和 Redis。每个数据目录只能运行一个。收到第一个停止信号时办完"
            "手上的任务，第二个信号立即停止。日志写到标准错误。需要管理员或者发布员的登录，或者"
            "`login --for-jobs` 的凭证。\n\n"
            "$ gongkai run\n"
            "$ gongkai run --once"
        ),
        (
            "Run all jobs when they are due, in one process, until told to stop\n\n"
            "In a small office it stands in for Celery and Redis; one for each data directory. The"
            " first signal to stop lets the job in hand end, the second one ends at once. Logs go"
            " to standard error. It takes the login of an administrator or publisher, or a token of"
            " `login --for-jobs`.\n\n"
            "$ gongkai run\n"
            "$ gongkai run --once"
        ),
    ),
    "help.run.once": ("只运行一遍应运行的任务。", "Run once what is due, and end."),
    "help.restore_check": (
        (
            "恢复备份之后核对数据库，确认后恢复送出\n\n"
            "与公开站点和发送日志比较，列出数据库不知道的。没有选项时只核对，不作改动。发送日志比"
            "数据库新时自动暂停送出和编号，此前的登录不再有效；没有日志时用 --hold 暂停。--release"
            " 提高全部编号、结束全部登录（包括自己的）、不再送出可能已送出的提醒，"
            "然后恢复送出。\n\n"
            "$ gongkai restore-check\n"
            "$ gongkai restore-check --release --reason 磁盘损坏后恢复昨日备份"
        ),
        (
            "Compare a database that was put back from a backup, and let work go on\n\n"
            "Compared with the public site and the send journal; without options nothing is"
            " changed. Where the journal is ahead of the database, nothing is sent, no number given"
            " and no older login taken; without a journal, --hold does that. --release raises all"
            " counters, ends all logins (yours too), settles alerts that may have been sent"
            " before, and lets work go on.\n\n"
            "$ gongkai restore-check\n"
            "$ gongkai restore-check --release --reason 磁盘损坏后恢复昨日备份"
        ),
    ),
    "help.restore_check.hold": ("暂停一切送出和编号。", "Hold everything back."),
    "help.restore_check.release": ("恢复送出。", "Let work go on."),
    "help.restore_check.skip": (
        "每种编号跳过多少个：备份之后编了号而没有公开的，别处看不到。默认 100。",
        (
            "How many numbers of each counter are left out: what was given after the backup and not"
            " published is seen nowhere. 100 unless given."
        ),
    ),
    "help.restore_check.send_doubtful": (
        "可能已送出的提醒也再送一次。",
        "Send again what may have been sent before.",
    ),
    "help.upgrade.dry_run": ("只说明会升级什么。", "Only tell what would be upgraded."),
    "help.init.dry_run": ("只检查，不建立。", "Only check, and set nothing up."),
    "help.doctor": (
        (
            "检查安装是否正常\n\n"
            "检查数据库、文件权限、磁盘空间、附件、待送出的发布。有故障时退出状态为 1。不需要"
            "登录。\n\n"
            "$ gongkai doctor\n"
            "$ gongkai doctor --ticks\n"
            "$ gongkai doctor --trail --json"
        ),
        (
            "Look whether this installation is sound\n\n"
            "Database, file modes, disk space, attached files, deliveries. The exit status is 1 if"
            " something is bad. No login is needed.\n\n"
            "$ gongkai doctor\n"
            "$ gongkai doctor --ticks\n"
            "$ gongkai doctor --trail --json"
        ),
    ),
    "help.doctor.ticks": (
        "只列出各后台任务一日内的运行和缺漏。",
        "Only report how each job ran within the last day, and what is missing.",
    ),
    "help.doctor.trail": (
        "同时核对全部记录链（较慢）。",
        "Walk all chains of the trail as well, which takes longer.",
    ),
    # Auditors
    "help.audit": (
        "办理记录的核对\n\n$ gongkai audit verify",
        "The trail\n\n$ gongkai audit verify",
    ),
    "help.audit.verify": (
        (
            "核对全部记录链是否完整、未被改动\n\n"
            "有问题时列出每条链的第一处，退出状态为 1。\n\n"
            "$ gongkai audit verify"
        ),
        (
            "Check that every chain of the trail is whole and unaltered\n\n"
            "Of each broken chain the first fault is told; the exit status is then 1.\n\n"
            "$ gongkai audit verify"
        ),
    ),
    "help.audit.head": (
        "列出每条记录链的末条，另行保存以备核对\n\n$ gongkai audit head",
        (
            "Print the head of every chain, to keep elsewhere and compare later\n\n"
            "$ gongkai audit head"
        ),
    ),
    "help.audit.export": (
        (
            "导出办理记录，每条一行 JSON，含哈希所覆盖的全部内容\n\n"
            "记录链为 system 或者 item:编号。只有摘要和代码，没有正文和说明文字。\n\n"
            "$ gongkai audit export\n"
            "$ gongkai audit export --subject system"
        ),
        (
            "Print the trail, one entry a line as JSON, each with what its hash covers\n\n"
            "A chain is called system, or item:NUMBER. There are digests and codes in it, and"
            " neither content nor words.\n\n"
            "$ gongkai audit export\n"
            "$ gongkai audit export --subject system"
        ),
    ),
    "help.audit.export.subject": ("只导出这一条记录链。", "This chain only."),
}
