"""Why a rule says no: one sentence for each code of :class:`workflow.errors.Refusal`."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "refusal.body_not_merged": (
        (
            "“{body}”没有并入其他机构：先在机构文件中写明 merged_into，用 "
            "`gongkai organisation import` 导入。"
        ),
        (
            '"{body}" was not merged into another body: say merged_into in the file of the bodies'
            " first, and import it with `gongkai organisation import`."
        ),
    ),
    "refusal.successor_has_nobody": (
        "“{body}”没有{role}，信息 {item} 移交后无人办理；请先用 `gongkai role grant` 任命。",
        (
            '"{body}" has no {role}, for whom item {item} waits: appoint somebody first with'
            " `gongkai role grant`."
        ),
    ),
    "refusal.body_closed": (
        "“{body}”已于 {closed_on} 撤销，不再录入新的信息。⟦今后的信息由“{into}”录入。⟧",
        '"{body}" has taken no new items since {closed_on}.⟦ "{into}" goes on with its work.⟧',
    ),
    # Headings of a file that is imported
    "refusal.column_unknown": (
        (
            "不认识“{column}”这一列。⟦您要的是不是“{nearest}”？⟧"
            "`gongkai import --template csv` 列出可用的列。"
        ),
        (
            'The column "{column}" is not known.⟦ Did you mean "{nearest}"?⟧'
            " `gongkai import --template csv` prints those that are."
        ),
    ),
    "refusal.column_twice": (
        "“{column}”与前面的一列说的是同一项，请只留一列。",
        'The column "{column}" says the same as one before it; keep one of them.',
    ),
    "refusal.column_missing": (
        "缺少“{field}”这一列。",
        'The column "{field}" is missing.',
    ),
    # Names the people in whose hands it is; printed after the reason.
    "refusal.no_clock_runs": (
        "信息 {item} 没有正在计算的期限。",
        "No clock of item {item} is running.",
    ),
    "refusal.snooze_in_past": (
        "{value} 已过，不能暂缓到过去的日子。",
        "{value} is past: nothing can be put off until then.",
    ),
    "refusal.snooze_too_long": (
        "最多暂缓 {limit} 个工作日，所选日期在 {days} 个工作日之后。",
        "A reminder can be put off for {limit} working days at most; that would be {days}.",
    ),
    "refusal.snooze_past_due": (
        "只能暂缓到期限（{due}）之前，逾期的提醒不能暂缓。",
        (
            "A reminder can be put off only to before the last day, {due};"
            " what is overdue does not wait."
        ),
    ),
    "refusal.who": ("可以办理的人：{names}", "Who can: {names}"),
    # The item is elsewhere
    "refusal.wrong_state": (
        (
            "该信息现为“{state}”，不能办理“{action}”。"
            "⟦最近一次变动：{at} 由{by}{event}。⟧⟦现在可以办理：{possible}。⟧"
        ),
        (
            'The item is in state "{state}", where "{action}" is not possible.'
            "⟦ Last change: {event} by {by} on {at}.⟧⟦ Possible now: {possible}.⟧"
        ),
    ),
    "refusal.needs_migration": (
        (
            "该信息所处的位置（{state}）在它的流程中已不存在，暂时只能查看。"
            "须由管理员运行 `gongkai policy plan` 查看、`gongkai policy apply` 转入现行流程。"
        ),
        (
            "The item's policy no longer knows the place it is in ({state}), so it can only be"
            " read until an administrator carries it over: `gongkai policy plan` tells where to,"
            " `gongkai policy apply` does it."
        ),
    ),
    "refusal.not_seen": (
        "须先看过内容再作决定。请先运行 `gongkai show`，或者写明所依据的版本，例如 12@3。",
        (
            "Look at the item before you act on it: run `gongkai show`, or name the version you"
            " rely on, such as 12@3."
        ),
    ),
    "refusal.late_reason_required": (
        "上网公开的期限（{due}）已过，公开须说明逾期原因，例如 --late-reason 文字。",
        (
            "The last day to publish in time was {due}: publishing now needs a reason, such as"
            " --late-reason TEXT."
        ),
    ),
    "refusal.date_of_draft": (
        "该信息还是草稿，生成日期由拟稿部门用 `gongkai revise` 修改。",
        "The item is a draft: its clerk changes the formation date with `gongkai revise`.",
    ),
    "refusal.clock_overdue": (
        "该期限（{due}）已过，不能再暂停。",
        "Its last day was {due}: what is overdue cannot rest.",
    ),
    "refusal.nothing_late": (
        "该信息没有逾期公开而尚未说明原因的情况。",
        "Nothing about this item came late without its reason being known.",
    ),
    "refusal.changed_since_scheduled": (
        "定时之后信息有了变动，未按时公开。请发布员重新查看。",
        "The item changed after it was scheduled, so it was held. A publisher looks at it again.",
    ),
    "refusal.change_note_required": (
        "更正须写明向公众公布的说明，例如 --change-note 文字。",
        "A correction needs a note for the public of what changed, such as --change-note TEXT.",
    ),
    "refusal.correction_open": (
        "该信息已有更正版（{item}）正在办理或者已经公开，不能再开一个。",
        (
            "There is a corrected edition already, item {item}, under way or public, so no second"
            " one can be opened."
        ),
    ),
    "refusal.newer_edition_public": (
        "更正版（{item}）已经公开，原版不能恢复。",
        "The corrected edition, item {item}, is public, so this one cannot come back.",
    ),
    "refusal.urged_lately": (
        "{at} 已经催办过；同一环节 {hours} 小时之内不能再次催办。",
        "It was urged on {at}, and can be urged again at the same desk {hours} hours later.",
    ),
    "refusal.explanation_required": (
        "撤下须写明向公众公布的说明，例如 --explanation 文字。",
        "A retraction needs an explanation for the public, such as --explanation TEXT.",
    ),
    "refusal.status_required": (
        "须用 --status 写明有效性。可以是：⟦{known}⟧。",
        "Say the new validity with --status. One of: ⟦{known}⟧.",
    ),
    "refusal.basis_required": (
        "须写明依据的文件或者决定，例如 --basis 县府发〔2017〕3号。它将向公众公布。",
        "Say the document or decision behind it with --basis TEXT; the public will read it.",
    ),
    "refusal.from_required": (
        "须写明自哪一天起：--from YYYY-MM-DD。",
        "Say from which day on it holds: --from YYYY-MM-DD.",
    ),
    "refusal.validity_before_formation": (
        "{value} 早于该文件的生成日期 {formed_on}，请核对 --from。",
        "{value} is before the document was formed, on {formed_on}: correct --from.",
    ),
    "refusal.replaced_in_force": (
        "有效的文件没有被取代：请去掉 --replaced-by，或者另选 --status。",
        "What is in force is not replaced: leave out --replaced-by, or say another --status.",
    ),
    "refusal.replaced_by_itself": (
        "文件不能取代它自己，请核对 --replaced-by。",
        "A document does not replace itself: correct --replaced-by.",
    ),
    "refusal.replaced_by_unpublished": (
        "信息 {item} 已经办结而没有公开，不能取代公开的文件。",
        "Item {item} ended without becoming public, so it replaces nothing.",
    ),
    "refusal.replaced_in_circle": (
        "该文件已经取代信息 {item}，不能反过来被它取代。",
        "This document replaces item {item}, which cannot replace it in turn.",
    ),
    "refusal.replaces_unpublished": (
        "信息 {item} 没有公开或者已经撤下、更正，不能由新文件取代；请写正在公开的一条。",
        "Item {item} is not public now, so nothing takes its place: name one that is.",
    ),
    "refusal.replaces_another_body": (
        (
            "信息 {item} 由另一机构公开；由该机构负责人用 `gongkai validity {item} --replaced-by` "
            "登记取代关系。"
        ),
        (
            "Item {item} was published by another body; its department head says so with"
            " `gongkai validity {item} --replaced-by`."
        ),
    ),
    "refusal.asked_already": (
        "已经有人提出{asked}，须先由另一人确认，或者用 `gongkai call-off` 取消。",
        (
            "Somebody has asked already: {asked}. It has to be confirmed by a second person, or"
            " called off with `gongkai call-off`."
        ),
    ),
    "refusal.nothing_asked": (
        "该信息没有待确认的撤下、恢复、有效性变更或者紧急发布。",
        "Nothing that was asked for this item waits to be confirmed.",
    ),
    "refusal.not_asked_for": (
        "没有人提出{asked}，无从确认。须先由一人提出，再由另一人确认。",
        (
            "Nobody has asked for it ({asked}), so there is nothing to confirm. One person asks"
            " first, and another one confirms."
        ),
    ),
    "refusal.not_the_second_person": (
        (
            "由{asker}提出的紧急发布，您不能作为第二人确认：须有一名发布员和一名流程所指定的人"
            "共同办理，还缺：{known}。"
        ),
        (
            "{asker} asked for the urgent publication, and you are not who confirms it: it takes a"
            " publisher and a person whom the policy names. Missing: {known}."
        ),
    ),
    "refusal.asker_may_no_longer": (
        (
            "提出紧急发布的{asker}现在已不能提出（已停用、已不任职，或者其间参与了办理）。"
            "请用 `gongkai call-off` 取消后，由他人重新提出。"
        ),
        (
            "{asker}, who asked for the urgent publication, may do so no longer: disabled, without"
            " the role, or a decider meanwhile. Call it off with `gongkai call-off`; somebody else"
            " asks anew."
        ),
    ),
    "refusal.urgency_not_provided": (
        (
            "流程 {policy} 没有指定可以同意紧急发布的人，不能紧急发布。"
            "需要时由管理员启用写有 [urgency] 的流程。"
        ),
        (
            "The policy {policy} names nobody who may agree to an urgent publication, so there is"
            " none. The administrator can put a policy with [urgency] in force."
        ),
    ),
    "refusal.urgent_not_for_publication": (
        "该信息拟“{outcome}”，不是要公开的信息，不能紧急发布。",
        "The item is heading for: {outcome}. Only what is to be published can be so urgently.",
    ),
    "refusal.let_out_urgently": (
        "您是紧急发布该信息的两人之一，不能再办理补审的“{stage}”环节。",
        (
            "You are one of the two who published it urgently, so the stage that is still owed"
            " ({stage}) is for somebody else."
        ),
    ),
    "refusal.public_already": (
        (
            "该信息已紧急发布，正在补审（“{stage}”环节），不能退回、送审或者改为不公开。"
            "认为不应公开的，请用 `gongkai retract ITEM --explanation 文字` 提出撤下，"
            "由终审员确认。"
        ),
        (
            "The item was published urgently and is reviewed afterwards (now at: {stage}), so it"
            " cannot be returned, referred or withheld any more. If it should not be public, ask"
            " for that with `gongkai retract ITEM --explanation TEXT`; a final reviewer confirms."
        ),
    ),
    "refusal.asker_may_not_confirm": (
        "是您本人提出的，须由另一人确认。",
        "You asked for it yourself, so somebody else has to confirm it.",
    ),
    "refusal.already_decided": (
        "提交之后已有人作出决定（现在“{stage}”环节），不能再撤回。需要修改时，请该环节退回。",
        (
            "Somebody has decided since it was submitted (it is now at: {stage}), so it cannot be"
            " recalled. To change it, ask that stage to return it."
        ),
    ),
    "refusal.stage_not_held": (
        "“{stage}”环节对现有内容没有有效的决定，不能发布。请把信息退回该环节补办。",
        (
            'The stage "{stage}" has not decided on the content as it is now, so it cannot be'
            " published. Return the item to that stage."
        ),
    ),
    "refusal.content_damaged": (
        "该信息的内容与摘要 {digest} 不符，已停止办理。请管理员查明原因并从备份恢复。",
        (
            "The item's content does not match its digest {digest}, so nothing is done with it."
            " The administrator has to find out why and restore it from a backup."
        ),
    ),
    "refusal.content_purged": (
        (
            "该信息的内容（摘要 {digest}）已被清除，不能照原样办理。请退回草稿重新录入，或者作废。"
            "清除的依据见 `gongkai history`。"
        ),
        (
            "The content of this item (digest {digest}) was purged, so it goes no further as it"
            " is. Return it to draft and write it anew, or abandon it. `gongkai history` tells on"
            " what ground."
        ),
    ),
    "refusal.attachment_purged": (
        "附件“{name}”（SHA-256 {sha256}）的内容此前已被清除，不得再次上传。",
        (
            'The content of the attachment "{name}" (SHA-256 {sha256}) was purged before and must'
            " not come back."
        ),
    ),
    "refusal.attachments_purged": (
        "附件（{names}）的内容已被清除，不能照原样办理。请退回草稿，去掉这些附件后重新提交。",
        (
            "The content of attached files ({names}) was purged, so this goes no further as it is."
            " Return it to draft, detach them and submit it again."
        ),
    ),
    "refusal.revision_purged": (
        "同样的内容（摘要 {digest}）此前已被清除，不得再次录入。",
        "The same content (digest {digest}) was purged before and must not come back.",
    ),
    # Who may
    "refusal.role_missing": (
        "“{action}”须由“{body}”的{role}⟦（或者{other_roles}）⟧办理，您没有这一角色。",
        (
            '"{action}" needs the role "{role}"⟦ (or {other_roles})⟧ for {body}, which you do not'
            " hold."
        ),
    ),
    "refusal.report_not_yours": (
        "时限统计由督查员、公开中心或者本部门负责人查看，您没有相应的角色。",
        (
            "This report is for supervisors, the centre, and department heads for their own"
            " department: you hold no such role for it."
        ),
    ),
    "refusal.needs_role": (
        "这项操作须由{role}办理，您没有这一角色。请找{role}办理；应由您办理的，请管理员授予角色。",
        (
            'This needs the role "{role}", which you do not hold. Ask somebody who holds it; if it'
            " is your task, the administrator can grant the role."
        ),
    ),
    "refusal.sending_held": (
        (
            "自 {since} 起暂停一切送出和编号，因为数据库可能是从备份恢复的。请由“{role}”运行"
            " `gongkai restore-check` 核对，并以 `--release` 恢复。"
        ),
        (
            "Nothing is sent and no number is given since {since}, for the database may have been"
            ' restored from a backup. The "{role}" looks with `gongkai restore-check` and releases'
            " it with `--release`."
        ),
    ),
    "refusal.account_disabled": (
        "账号“{name}”已停用，不能办理。请与管理员联系。",
        'The account "{name}" is disabled. Ask the administrator.',
    ),
    "refusal.author_may_not_decide": (
        "您拟写、修改或者提交过该信息，不能再办理“{action}”。请由其他人办理。",
        ("You wrote, changed or submitted this item, so somebody else has to do this: {action}."),
    ),
    "refusal.author_may_not_publish": (
        "您拟写、修改或者提交过该信息，不能再由您发布。请由其他发布员办理。",
        (
            "You wrote, changed or submitted this item, so you may not publish it."
            " Another publisher has to."
        ),
    ),
    "refusal.decided_at_another_stage": (
        "您在这一轮的“{stage}”环节已作过决定，不能再办理“{action}”。请由其他人办理。",
        (
            'You have decided on this item at the stage "{stage}", so somebody else has to do'
            " this: {action}."
        ),
    ),
    "refusal.decider_may_not_publish": (
        "您在这一轮的“{stage}”环节已作过决定，不能再由您发布。请由其他发布员办理。",
        (
            'You have decided on this item at the stage "{stage}", so you may not publish it as'
            " well. Another publisher has to."
        ),
    ),
    "refusal.one_with_author": (
        (
            "您与该信息的一位起草人在办理期间有代理关系，两人视为一人，"
            "不能再办理“{action}”。请由其他人办理。"
        ),
        (
            "You and somebody who wrote this item count as one person, for one of you stood in for"
            " the other since it was entered: somebody else has to do this: {action}."
        ),
    ),
    "refusal.one_with_decider": (
        (
            "与您有代理关系的人已在这一轮的“{stage}”环节作过决定，两人视为一人，"
            "不能再办理“{action}”。请由其他人办理。"
        ),
        (
            'Somebody who counts as one person with you has decided on it at the stage "{stage}":'
            " one of you stood in for the other since it was entered: somebody else has to do"
            " this: {action}."
        ),
    ),
    "refusal.one_with_asker": (
        "提出人与您有代理关系，两人视为一人，须由另一人办理“{action}”。",
        (
            "Whoever asked for it and you count as one person, for one of you stood in for the"
            " other: somebody else has to do this: {action}."
        ),
    ),
    "refusal.waiver_to_oneself": (
        ("不能为自己、也不能为与自己互为代理的人（“{name}”）准予豁免。请由另一名督查员办理。"),
        (
            'Nobody gives a waiver to themselves or to somebody who stands in for them ("{name}").'
            " Ask another supervisor."
        ),
    ),
    "refusal.decides_nothing": (
        "“{name}”不参与办理，不需要豁免。",
        '"{name}" decides on nothing, so there is nothing to lift.',
    ),
    "refusal.own_deputy": (
        "“{name}”不能做自己的代理人。请另选一人。",
        '"{name}" cannot stand in for themselves. Choose somebody else.',
    ),
    "refusal.administrator_not_lent": (
        "管理员的权限不能由他人代理（“{name}”）。请用 `gongkai role grant` 任命另一名管理员。",
        (
            'Nobody stands in for an administrator ("{name}"). Appoint another one with'
            " `gongkai role grant`."
        ),
    ),
    "refusal.administrator_no_deputy": (
        "管理员不参与办理，“{name}”不能代理他人。请另选一人。",
        'An administrator decides on nothing: "{name}" cannot stand in. Choose somebody else.',
    ),
    "refusal.nothing_to_lend": (
        "“{name}”没有可以代理的这一角色。请用 `gongkai role list` 核对。",
        '"{name}" does not hold that role, so nobody can stand in. See `gongkai role list`.',
    ),
    "refusal.deputy_is_away": (
        (
            "这些日子里“{name}”本人也由他人代理（第 {number} 号），不能再代理他人。"
            "请另选一人或另选日期。"
        ),
        (
            'Somebody stands in for "{name}" on some of these days (delegation {number}), and there'
            " is no deputy's deputy. Choose another person or other days."
        ),
    ),
    "refusal.principal_is_deputy": (
        (
            "这些日子里“{name}”正在代理他人（第 {number} 号），代理不能再转托。"
            "请先用 `gongkai delegate end {number}` 结束。"
        ),
        (
            '"{name}" stands in for somebody on some of these days (delegation {number}), and there'
            " is no deputy's deputy. End that first: `gongkai delegate end {number}`."
        ),
    ),
    "refusal.deputy_named_before": (
        (
            "这些日子里“{name}”的这一角色已有代理人（第 {number} 号）。"
            "请先用 `gongkai delegate end {number}` 结束，或者另选日期。"
        ),
        (
            'On some of these days somebody stands in for "{name}" already (delegation {number}).'
            " End that first (`gongkai delegate end {number}`), or choose other days."
        ),
    ),
    "refusal.delegation_stands": (
        "“{name}”有未结束的代理，不能任管理员。请先用 `gongkai delegate list` 查看并结束。",
        (
            'There are open delegations of or to "{name}", who cannot administer meanwhile. See'
            " `gongkai delegate list` and end them first."
        ),
    ),
    "refusal.only_the_system": (
        "“{action}”由系统自动办理，不能由人办理。",
        '"{action}" is done by the system alone.',
    ),
    "refusal.system_may_not": (
        "“{action}”须由人办理，系统不能代办。",
        '"{action}" has to be done by a person, not by the system.',
    ),
    "refusal.purge_needs_two": (
        "这项清除（{target}）是您提出的，须由另一人确认。",
        "You asked for this purge ({target}) yourself, so somebody else has to confirm it.",
    ),
    "refusal.role_wrong_scope": (
        "角色“{role}”不能授予给“{body}”（{kind}），只能用于：{known}。",
        'The role "{role}" cannot be held for {body} ({kind}). It can be held for: {known}.',
    ),
    "refusal.last_administrator": (
        "这是最后一名管理员，不能停用，也不能收回其角色。请先另设一名管理员。",
        "This is the last administrator. Make somebody else an administrator first.",
    ),
    "refusal.grant_to_oneself": (
        "不能给自己授予角色（{role}）。请另一名管理员办理。",
        "Nobody gives a role ({role}) to themselves. Ask another administrator.",
    ),
    "refusal.administrator_apart": (
        "“{name}”不能既当管理员又担任“{role}”：管理员不作决定，也不看未公开的内容；只可以兼任审计员。",
        (
            '"{name}" cannot be administrator and {role}: an administrator decides nothing and'
            " reads nothing unpublished. Only the auditor's role goes with it."
        ),
    ),
    "refusal.reader_reads_nothing": (
        "不能把“{name}”（{role}）列为限制知悉事项的知悉人：管理员和审计员不看未公开的内容。",
        (
            '"{name}" ({role}) cannot be named as a reader: administrators and auditors read no'
            " unpublished content."
        ),
    ),
    # What has to be said
    "refusal.named_is_no_other_clerk": (
        (
            "“{name}”须是“{body}”在用的信息员，不能是您自己；"
            "请指定他人，或者先任命（gongkai role grant）。"
        ),
        (
            "{name} has to be somebody else than you who is a clerk of {body} and can sign in; name"
            " another one, or appoint them first (gongkai role grant)."
        ),
    ),
    "refusal.reason_required": (
        "办理“{action}”须写明理由（--reason）。",
        '"{action}" needs a reason (--reason).',
    ),
    "refusal.code_required": (
        "办理“{action}”须注明原因代码（--code）。代码见 `gongkai policy show`。",
        '"{action}" needs a reason code (--code). `gongkai policy show` lists the codes.',
    ),
    "refusal.unknown_return_code": (
        "没有退回原因代码“{value}”。可用的代码：{known}。",
        'There is no return code "{value}". Known codes: {known}.',
    ),
    "refusal.to_required": (
        "办理“{action}”须写明退到哪里（--to）：draft（拟稿人），或者先前的环节。",
        '"{action}" needs to know where to (--to): draft, or an earlier stage.',
    ),
    "refusal.no_way_back": (
        "不能退到“{to}”。可以退到：{known}。",
        'The item cannot be returned to "{to}". It can be returned to: {known}.',
    ),
    "refusal.question_required": (
        "送审须写明需要答复的问题（--question）。",
        "To refer the item upward, write down the question to be answered (--question).",
    ),
    "refusal.addressee_required": (
        "送审须写明送往哪个机关，例如保密行政管理部门（--addressee）。",
        (
            "To refer the item upward, name the body that is asked: the secrecy administration, say"
            " (--addressee)."
        ),
    ),
    "refusal.answer_required": (
        "请写明答复的内容（--answer）。",
        "Write down what the answer was (--answer).",
    ),
    "refusal.date_in_future": (
        "日期 {value} 还没有到。请填写实际的日期。",
        "The date {value} is still to come. Give the actual date.",
    ),
    # The draft is not complete
    "refusal.attribute_required": (
        "提交前须确定公开属性（--attribute）：主动公开、依申请公开或者不予公开。",
        (
            "Before it is submitted, an item needs a disclosure attribute (--attribute):"
            " proactive, on request or not disclosed."
        ),
    ),
    "refusal.formed_on_required": (
        "提交前须填写信息的生成日期（--formed-on）。",
        "Before it is submitted, an item needs its formation date (--formed-on).",
    ),
    "refusal.category_required": (
        "提交前须选定目录分类（--category）。分类见 `gongkai policy show`。",
        (
            "Before it is submitted, an item needs a catalogue item (--category)."
            " `gongkai policy show` lists them."
        ),
    ),
    "refusal.unknown_category": (
        "这条信息的流程中没有目录分类“{value}”。可用的有：{known}。",
        'The item\'s policy has no catalogue item "{value}". Known ones: {known}.',
    ),
    "refusal.attribute_reason_required": (
        "依申请公开或者不予公开的，须说明理由（--attribute-reason）。",
        ("What is not disclosed proactively needs a reason in words (--attribute-reason)."),
    ),
    "refusal.ground_required": (
        "依申请公开或者不予公开的，须注明理由代码（--ground）。可用的代码：{known}。",
        (
            "What is not disclosed proactively needs a coded ground (--ground). Known codes:"
            " {known}."
        ),
    ),
    "refusal.unknown_ground": (
        "没有理由代码“{value}”。可用的代码：{known}。",
        'There is no ground "{value}". Known codes: {known}.',
    ),
    "refusal.ground_does_not_serve": (
        "理由“{ground}”不能作为“{attribute}”的依据。请改用其他理由，见 `gongkai policy show`。",
        (
            'The ground "{ground}" does not allow "{attribute}". Name another one;'
            " `gongkai policy show` lists them."
        ),
    ),
    # The review
    "refusal.found_something": (
        (
            "审查中发现了问题，结论不能是可以公开：{found}。"
            "请改为部分公开、依申请公开、不予公开，或者送审、退回。"
        ),
        (
            "The conclusion cannot be to disclose, because the review found something: {found}."
            " Disclose in part, on request only or not at all; or refer or return the item."
        ),
    ),
    "refusal.unknown_question": (
        "审查清单中没有“{value}”一项。清单各项：{known}。",
        'The checklist has no question "{value}". Its questions: {known}.',
    ),
    "refusal.attribute_not_proactive": (
        "该信息的公开属性是“{attribute}”，结论不能是公开。如应公开，请退回拟稿人改为主动公开。",
        (
            'The item\'s attribute is "{attribute}", so the conclusion cannot be to disclose it. If'
            " it should be disclosed, return it to the drafter to change the attribute."
        ),
    ),
    "refusal.redactions_required": (
        "部分公开须逐项列明要删去或者遮盖的内容（--redact）。",
        "To disclose in part, list what has to be taken out (--redact).",
    ),
    "refusal.no_redaction_asked": (
        "保密审查没有要求对该信息作删改，不能记为删改稿。请去掉 --redaction。",
        "No review has asked for a redaction of this item. Leave --redaction out.",
    ),
    "refusal.redaction_owed": (
        (
            "保密审查要求删改该信息，现有内容还没有记为删改稿，不能这样公开。"
            "删去要求的内容后，用 `gongkai revise --redaction` 记为删改稿；"
            "内容已经删改的，只加 --redaction 即可。"
        ),
        (
            "A review has asked for a redaction, and the text as it is was not recorded as one, so"
            " it cannot go out like this. Take out what was listed and record the result with"
            " `gongkai revise --redaction`; where it is out already, that alone will do."
        ),
    ),
    "refusal.redaction_unchanged": (
        "该内容与保密审查要求删改时的一样，或者已有人就它作出决定，不能记为删改稿。请先删去要求的内容。",
        (
            "This is the text that the review wanted redacted, or one that somebody has decided on"
            " since, so it cannot be recorded as the redaction. Take out first what was listed."
        ),
    ),
    "refusal.redactions_not_whole": (
        "列明了要删去的内容（--redact），结论就不能是全部公开。请改为部分公开，或者去掉 --redact。",
        (
            "Something is listed to be taken out (--redact), so the conclusion cannot be to"
            " disclose the whole. Disclose in part, or leave --redact out."
        ),
    ),
    "refusal.reassessment_not_ahead": (
        "重新评估的日期 {value} 须晚于今天（--reassess-on）。",
        "The date of reassessment, {value}, has to lie ahead (--reassess-on).",
    ),
    "refusal.register_number_taken": (
        "用印登记号“{value}”已经用过。请核对用印登记，或者不写 --register-number，由系统编号。",
        (
            'The register number "{value}" is taken. Check the seal-use register, or leave'
            " --register-number out to be given the next one."
        ),
    ),
    # Entering
    "refusal.classification_mark": (
        (
            "{part}⟦第 {line} 行⟧有密级标志“{mark}”，全部内容均未保存。"
            "涉密内容不得进入本系统；如系误判，请与保密审查员联系。"
        ),
        (
            'There is a classification mark ("{mark}") in: {part}⟦, line {line}⟧. Nothing was kept.'
            " Classified content may not enter this system; if the mark is a mistake, talk to the"
            " confidentiality reviewer."
        ),
    ),
    "refusal.duplicate": (
        (
            "已有正文或者发文字号相同的信息：{item}⟦（索引号 {index_number}）⟧。"
            "确非重复的，请说明理由：命令用 --not-duplicate，表格用“非重复的理由”一栏。"
        ),
        (
            "Item {item}⟦ (index number {index_number})⟧ has the same text or document number."
            " If this is no duplicate, say why with --not-duplicate, or in a table in the column"
            ' "reason why this is no duplicate".'
        ),
    ),
    "refusal.duplicate_row": (
        (
            "与第 {row} 行的正文或者发文字号相同，导入时只录入前一行。"
            "确非重复的，请在“非重复的理由”一栏说明。"
        ),
        (
            "Row {row} has the same text or document number; an import would enter that row only."
            ' If this is no duplicate, say so in the column "reason why this is no duplicate".'
        ),
    ),
    "refusal.duplicate_unseen": (
        (
            "已有正文或者发文字号相同的信息，但您无权查看。是否重复，可请能同时看到两者的督查员"
            "（组织指导组等）核对；确非重复的，请说明理由：命令用 --not-duplicate，"
            "表格用“非重复的理由”一栏。"
        ),
        (
            "There is an item with the same text or document number, which is not yours to see."
            " A supervisor sees both and can compare them; if this is no duplicate, say why with"
            ' --not-duplicate, or in a table in the column "reason why this is no duplicate".'
        ),
    ),
    "refusal.body_kind_taken": (
        (
            "不能加入“{body}”：区政府和公开中心各只能有一个，本系统已有“{other}”。"
            "是同一机构的，请在文件中沿用原来的代码“{other}”。"
        ),
        (
            "{body} cannot be added: there is one district and one centre, and this office has"
            ' {other} already. If it is the same body, keep its code "{other}" in the file.'
        ),
    ),
    "refusal.body_name_taken": (
        "“{body}”的名称已由“{other}”使用。请换一个名称；是同一机构的，请沿用原来的代码“{other}”。",
        (
            "{other} bears the name of {body} already. Give another name, or, if it is the same"
            ' body, keep its code "{other}" in the file.'
        ),
    ),
    "refusal.body_does_not_publish": (
        "“{body}”不是公开信息的部门、乡镇或者街道，不能以其名义拟稿。",
        (
            "{body} is no department, township or subdistrict, so no item can be entered in its"
            " name."
        ),
    ),
    # The office
    "refusal.body_kind_fixed": (
        "机构 {body} 的类别和样例标志不能改变。确需变动的，请另用新代码增加一个机构。",
        (
            "The kind of body {body}, and whether it is a sample, cannot change. Add a new body"
            " under a new code instead."
        ),
    ),
    "refusal.not_a_rehearsal": (
        "这里不是演练库，不能用 GONGKAI_NOW 改变时间。请取消这项设置。",
        "This database is no rehearsal, so GONGKAI_NOW cannot set its clock. Unset it.",
    ),
    # Reading points
    "refusal.not_deliverable": (
        "该信息现为“{state}”。审核完毕、可以公开的信息才能送交公共查阅点。",
        (
            "The item is in state: {state}. Only what is cleared for publication can be delivered"
            " to a reading point."
        ),
    ),
    "refusal.not_proactive": (
        "该信息不属于主动公开⟦（现为：{attribute}）⟧，不能送交公共查阅点。",
        (
            "The item is not for proactive disclosure⟦ (it is: {attribute})⟧, so it is not"
            " delivered to reading points."
        ),
    ),
    "refusal.not_a_reading_point": (
        "“{body}”不是公共查阅点。`gongkai organisation show` 列出全部机构。",
        "{body} is no reading point. `gongkai organisation show` lists all bodies.",
    ),
    "refusal.point_closed": (
        "“{point}”自 {day} 起关闭，不再接收。",
        "{point} has been closed since {day} and takes nothing more.",
    ),
    "refusal.delivered_before": (
        (
            "该信息已于 {at} 送交“{point}”（目录表 {number}）。要更换或者撤回，请用 `gongkai"
            " withdraw-delivery`。"
        ),
        (
            "The item was delivered to {point} on {at} (list {number}). To replace or withdraw"
            " it: `gongkai withdraw-delivery`."
        ),
    ),
    "refusal.older_text_delivered": (
        (
            "“{point}”收到的是修改前的内容（{at}，目录表 {number}）。请先用 `gongkai"
            " withdraw-delivery` 撤回，经另一人批准后再送交。"
        ),
        (
            "{point} was sent an earlier text ({at}, list {number}). Withdraw that first with"
            " `gongkai withdraw-delivery`, have another person approve it, then deliver."
        ),
    ),
    "refusal.deliverer_receives": (
        "送交人不能自己签收。请“{point}”的其他人员签收。",
        "Who delivered it cannot receive it. Somebody else at {point} has to.",
    ),
    "refusal.delivery_overtaken": (
        (
            "目录表 {number} 送交的内容（摘要 {digest}）已不是可以公开的内容，不能签收，也不要提"
            "供查阅。请与送交人联系。"
        ),
        (
            "What list {number} delivered (digest {digest}) is not a text that may be public now."
            " Do not receive it or put it out; ask who sent it."
        ),
    ),
    "refusal.copies_differ": (
        (
            "份数不符：送交纸质 {sent_paper} 份、电子 {sent_electronic} 份，签收纸质 {paper} 份、"
            "电子 {electronic} 份。请当面点清。"
        ),
        (
            "The copies differ: {sent_paper} on paper and {sent_electronic} electronic were sent,"
            " {paper} and {electronic} received. Count them together."
        ),
    ),
    "refusal.handed_over_before_delivery": (
        "交接日期 {value} 早于送交日期 {day}。",
        "The day of the hand-over, {value}, is before that of the delivery, {day}.",
    ),
    "refusal.received_before": (
        "“{point}”已于 {at} 签收。",
        "{point} received it on {at}.",
    ),
    "refusal.list_received": (
        "目录表 {number} 上没有待签收的信息。",
        "Nothing on list {number} waits for a receipt.",
    ),
    "refusal.withdrawal_needs_two": (
        "撤回“{point}”的送交件须由申请人以外的人批准。",
        "Somebody other than who asked has to approve the withdrawal from {point}.",
    ),
    "refusal.month_not_over": (
        "{month} 还没有结束，不能零报告。",
        "{month} is not over, so nothing can be said of it yet.",
    ),
    "refusal.month_before_point": (
        "该查阅点 {at} 才登记，{month} 的情况系统不掌握。",
        "The reading point was registered on {at}; nothing is known here of {month}.",
    ),
    "refusal.delivered_in_month": (
        "{month} 有 {count} 份目录表送交该查阅点，不能零报告。",
        "In {month} there were {count} delivery lists to this point, so it was not nil.",
    ),
    "refusal.nil_returned_before": (
        "{month} 已经零报告（{number}）。",
        "The nil return for {month} was made before ({number}).",
    ),
    # Release coordination
    "refusal.consultation_open": (
        (
            "尚在征求“{body}”意见（第 {number} 号，{standing}⟦，答复期限 {due}⟧），不能公开。"
            "答复（`gongkai reply`）、裁决（`gongkai settle`）或者撤回之后再公开。"
        ),
        (
            "Consultation {number} of {body} is not done with ({standing}⟦; due {due}⟧), so nothing"
            " may be published. It ends by an answer (`gongkai reply`), by a settlement (`gongkai"
            " settle`) or by being withdrawn."
        ),
    ),
    "refusal.consultation_on_earlier_version": (
        (
            "第 {number} 号征求意见（{body}，{standing}）针对的是先前的版本，不能公开。"
            "请就现在的文本重新征求（`gongkai consult`）。"
        ),
        (
            "Consultation {number} ({body}; {standing}) was about an earlier version, so this one"
            " may not be published. Ask about the text as it is now (`gongkai consult`)."
        ),
    ),
    "refusal.may_not_consult": (
        "征求意见由“{body}”的信息员或者领导办理，或者由该信息所在环节的经办人办理。",
        (
            "Other bodies are consulted by the clerks and heads of {body}, or by whoever has the"
            " item before them."
        ),
    ),
    "refusal.not_consultable": (
        "该信息现为“{state}”，不再征求意见、答复或者裁决。",
        'The item is in state "{state}", where nothing is asked, answered or settled any more.',
    ),
    "refusal.consultation_question_required": (
        "请写明征求意见的问题（--question）：公开哪些内容，本机关的意见和依据。",
        "Write down what is asked (--question): what is to be published, your view and its basis.",
    ),
    "refusal.outside_required": (
        "请写明系统外机关的名称（--outside）。",
        "Name the body outside that is asked (--outside).",
    ),
    "refusal.consults_itself": (
        "“{body}”就是该信息的发布机关，不必征求自己的意见。",
        "The item is that of {body} itself, which need not be asked.",
    ),
    "refusal.consulted_body_closed": (
        "“{body}”已于 {closed_on} 撤销。⟦请征求“{into}”的意见。⟧",
        "{body} was closed on {closed_on}.⟦ Ask {into}.⟧",
    ),
    "refusal.nobody_answers": (
        ("“{body}”在系统里没有可以答复的领导。请管理员先任命，或者按系统外机关征求（--outside）。"),
        (
            "Nobody can answer for {body} here: it has no head in the system. Have one appointed,"
            " or ask it as a body outside (--outside)."
        ),
    ),
    "refusal.consulted_already": (
        "已在征求“{body}”的意见（第 {number} 号，答复期限 {due}），请等待答复，或者先撤回。",
        (
            "{body} is being asked already (consultation {number}, due {due}). Wait for the answer,"
            " or withdraw that one first."
        ),
    ),
    "refusal.stays_blocking": (
        "先前征求“{body}”意见尚未解决，重新征求不能改为仅供参考。",
        (
            "What was asked of {body} before still holds publication back; it cannot be asked anew"
            " as advisory."
        ),
    ),
    "refusal.answer_due_wrong": (
        "答复期限 {value} 须在今天之后、{limit} 天之内。",
        "The answer cannot be due on {value}: it has to be after today, within {limit} days.",
    ),
    "refusal.answer_due_on_rest_day": (
        "{value} 不是工作日，请改为 {next}。",
        "{value} is no working day; the next one is {next}.",
    ),
    "refusal.nothing_to_reply": (
        "信息 {item} 没有等待您答复的征求意见。",
        "Nothing is asked about item {item} that waits for an answer of yours.",
    ),
    "refusal.nothing_to_settle": (
        "信息 {item} 没有需要协调裁决的征求意见。",
        "Nothing about item {item} is in dispute.",
    ),
    "refusal.nothing_to_withdraw": (
        "信息 {item} 没有您可以撤回的征求意见。",
        "Nothing is asked about item {item} that is yours to withdraw.",
    ),
    "refusal.consultation_standing_wrong": (
        "第 {number} 号征求意见现为“{standing}”，不能这样办理。",
        "Consultation {number} cannot be dealt with like this: {standing}.",
    ),
    "refusal.may_not_reply": (
        "由“{body}”的领导答复；系统外机关的答复由该信息发布机关的信息员或者领导登记。",
        (
            "The heads of {body} answer; what a body outside has answered is recorded by the clerks"
            " and heads of the item's own body."
        ),
    ),
    "refusal.own_question": (
        "第 {number} 号征求意见须由起草人和提问人以外的人答复或者裁决。",
        "Who wrote the item, or asked, neither answers consultation {number} nor settles it.",
    ),
    "refusal.objection_needs_text": (
        "不同意的，须写明理由（--text）。",
        "An objection needs its reasons (--text).",
    ),
    "refusal.account_required": (
        "裁决须写明双方意见和理由（--text）。",
        "A settlement needs a written account of the dispute and of the reasons (--text).",
    ),
    "refusal.reply_dates_itself": (
        "“{body}”在系统里答复，日期由系统记录，不用 --on 和 --reference。",
        "{body} answers here, and the day is noted: leave out --on and --reference.",
    ),
    "refusal.outside_reply_needs_letter": (
        "登记“{body}”的答复，须写明复函日期（--on）和文号（--reference）。",
        (
            "To record the answer of {body}, give the day (--on) and the reference of its letter"
            " (--reference)."
        ),
    ),
    "refusal.replied_before_asked": (
        "复函日期 {value} 早于征求意见的日期 {day}。",
        "The answer is dated {value}, before the question was asked on {day}.",
    ),
    "refusal.not_your_question": (
        "第 {number} 号征求意见由提问人撤回；其账号已停用的，由同一角色的人撤回。",
        (
            "Consultation {number} is withdrawn by who asked or, if that account is disabled, by"
            " somebody of the same role."
        ),
    ),
    "refusal.withdrawal_reason_required": (
        "撤回征求意见须写明理由（--reason）。",
        "Say why the consultation is withdrawn (--reason).",
    ),
    # Jobs
    "refusal.clock_jumped": (
        (
            "本机时钟与{other}相差 {seconds} 秒，未做任何处理。请先校准时钟；确认无误的，由管理员"
            "运行 `gongkai sweep --accept-clock --reason 文字`。"
        ),
        (
            "The clock of this host differs from {other} by {seconds} s; nothing was done. Set it"
            " right or, if it is, an administrator runs `gongkai sweep --accept-clock --reason"
            " TEXT`."
        ),
    ),
    "refusal.token_for_jobs": (
        "这个凭证只能用于 `gongkai sweep` 和 `gongkai run`，不能办理其他事项。请以“{name}”登录。",
        (
            "This token is good for `gongkai sweep` and `gongkai run` and for nothing else. Sign in"
            " as {name}."
        ),
    ),
}
