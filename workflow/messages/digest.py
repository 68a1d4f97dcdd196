"""What messages of the outbox say: reminders, notices, and faults told to administrators."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "digest.subject": ("【{office}】{counts}", "[{office}] {counts}"),
    "digest.subject_rehearsal": ("【演练·{office}】{counts}", "[Rehearsal: {office}] {counts}"),
    "digest.joint": ("，", ", "),
    "digest.count.overdue": ("逾期 {count} 项", "{count} overdue"),
    "digest.count.due_today": ("今日到期 {count} 项", "{count} due today"),
    "digest.count.due_soon": ("即将到期 {count} 项", "{count} due soon"),
    "digest.count.corrected": ("更正 {count} 项", "{count} corrected"),
    "digest.count.notice": ("通知 {count} 项", "notices: {count}"),
    "digest.count.operations": ("运行告警 {count} 项", "faults: {count}"),
    "digest.greeting": ("您好！{office}有以下事项需要您知悉或办理：", "From {office}, for you:"),
    "digest.rehearsal": ("（演练，并非真实事项。）", "(A rehearsal: none of this is real.)"),
    "digest.heading.overdue": ("【已逾期】", "OVERDUE"),
    "digest.heading.due_today": ("【今日到期】", "DUE TODAY"),
    "digest.heading.due_soon": ("【即将到期】", "DUE SOON"),
    "digest.heading.corrected": (
        "【更正：先前的逾期提醒作废】",
        "CORRECTED: TOLD TO BE OVERDUE, AND IS NOT",
    ),
    "digest.heading.notice": ("【通知】", "NOTICES"),
    "digest.heading.operations": ("【运行告警】", "FAULTS OF THE SYSTEM"),
    "digest.standing": ("此前已提醒、尚未办结的：", "Told before and still open:"),
    "digest.restricted": ("（限定范围的事项）", "(a restricted item)"),
    "digest.nowhere": ("—", "—"),
    "digest.due": ("期限 {due}", "due {due}"),
    "digest.late": ("逾期 {days} 个工作日", "working days late: {days}"),
    "digest.just_late": ("已过期限", "past its last day"),
    "digest.today": ("今日到期", "due today"),
    "digest.left": ("剩余 {days} 个工作日", "working days left: {days}"),
    "digest.not_overdue": (
        "并未逾期：期限已变动，或先前的提醒有误",
        "it is not overdue: the last day has moved, or you were told too early",
    ),
    "digest.carried_up": ("报{group}", "to the {group}"),
    "digest.first": ("{show}，阅后 {then}", "{show}, and then {then}"),
    "digest.todo": ("{what}：{command}", "{what}: {command}"),
    "digest.more": (
        "另有 {count} 项，请用 gongkai alerts 查看",
        "and {count} more: gongkai alerts",
    ),
    "digest.foot": (
        "知悉后请运行下面的命令确认。确认后不再重复提醒；到期仍未办结的，照常逐级上报。",
        (
            "Say that you know, with the command below. It will not be repeated to you; what is"
            " still not done goes up to the next step all the same."
        ),
    ),
    # What there is to do
    "digest.do.submit": ("请修改并提交", "complete and submit it"),
    "digest.do.sign-off": ("请审核签字", "sign it off"),
    "digest.do.seal": ("请用印", "seal it"),
    "digest.do.review": ("请进行保密审查", "review it"),
    "digest.do.answer": ("请登记答复", "record the answer"),
    "digest.do.approve": ("请终审", "approve it"),
    "digest.do.reply": ("请查看后答复", "look at it, and answer"),
    "digest.do.confirm-retraction": ("请审定后确认撤下", "look at it, and confirm it"),
    "digest.do.confirm-restoration": ("请审定后确认恢复", "look at it, and confirm it"),
    "digest.do.confirm-validity": ("请核对依据后确认", "look at its basis, and confirm it"),
    "digest.do.confirm-urgent-publication": (
        "请审定后确认紧急发布",
        "look at it, and confirm it",
    ),
    "digest.do.publish": ("请发布", "publish it"),
    "digest.do.retry": ("请重新发布", "publish it again"),
    "digest.do.deliver": ("请送交公共查阅点", "deliver it to the reading points"),
    "digest.do.receive": ("请签收", "give the receipt"),
    "digest.do.why": ("查看停在何处", "see who holds it"),
    "digest.do.show": ("查看", "look at it"),
    "digest.do.alerts": ("查看", "look at it"),
    "digest.do.inbox": ("查看待办", "see what waits for you"),
    "digest.do.doctor": ("请检查系统", "look at the system"),
    "digest.do.password": ("请修改密码", "choose a password"),
    "digest.do.delegate_list": ("查看代理", "see the delegations"),
    "digest.do.contact_show": ("核对联系方式", "look at the addresses"),
    # What happened
    "digest.event.inbox": ("有新的待办（{stage}）", "new in your inbox ({stage})"),
    "digest.event.inherited": ("由您接办（{stage}）", "it is yours now ({stage})"),
    "digest.event.returned": ("已退回（{stage}）", "returned ({stage})"),
    "digest.event.urged": ("拟稿部门催办（{stage}）", "its department asks for it ({stage})"),
    "digest.event.reopened": ("已重新启动办理", "opened again"),
    "digest.event.retraction_asked": ("有人提出撤下", "somebody asks to take it back"),
    "digest.event.urgent_publication_asked": (
        "有人提出紧急发布",
        "somebody asks to publish it urgently",
    ),
    "digest.event.published_urgently": (
        "未经全部审核即紧急发布，待补审（{stage}）",
        "published ahead of its review, which is owed ({stage})",
    ),
    "digest.event.review_made_up": ("补审已全部办结", "its review was made up for"),
    "digest.event.restoration_asked": ("发布员提出恢复公开", "a publisher asks to restore it"),
    "digest.event.validity_asked": (
        "部门负责人提出变更有效性",
        "its department head asks to record another validity",
    ),
    "digest.event.validity_changed": ("有效性已变更", "its validity has changed"),
    "digest.event.retracted": ("已撤下", "taken back"),
    "digest.event.restored": ("已恢复公开", "public again"),
    "digest.event.consulted": (
        "征求贵单位意见，请于 {due} 前答复",
        "your body is consulted; an answer is due on {due}",
    ),
    "digest.event.consultation_answered": (
        "征求意见（第 {consultation} 号）已有答复",
        "consultation {consultation} is answered",
    ),
    "digest.event.consultation_objected": (
        "被征求意见的机关不同意公开（第 {consultation} 号），须由督查员协调",
        "a body that was consulted objects (consultation {consultation}); supervisors settle it",
    ),
    "digest.event.consultation_settled": (
        "征求意见（第 {consultation} 号）已协调裁决",
        "consultation {consultation} is settled",
    ),
    "digest.event.consultation_overdue": (
        "征求意见（第 {consultation} 号）应于 {due} 前答复，逾期未答复",
        "consultation {consultation} was to be answered by {due} and was not",
    ),
    "digest.event.consultation_consented": (
        "征求意见（第 {consultation} 号）{due} 前未答复，视为同意",
        "consultation {consultation} was not answered by {due}, which consents",
    ),
    "digest.event.superseded": ("已由更正版取代", "a corrected edition has taken its place"),
    "digest.event.recalled": ("已由拟稿部门撤回", "recalled by its department"),
    "digest.event.withheld": ("已决定不予公开", "it was decided to withhold it"),
    "digest.event.on_request_only": ("已决定依申请公开", "it is open on request only"),
    "digest.event.published": ("已公开发布", "published"),
    "digest.event.publication_failed": ("发布失败", "its publication failed"),
    "digest.event.schedule_dropped": (
        "流程有变，定时公开已取消，须补办环节",
        "the policy changed: its schedule is dropped, and it owes a stage",
    ),
    "digest.event.publication_held": ("定时公开已暂缓", "its scheduled publication is held"),
    "digest.event.password_reset": (
        "账号 {account} 的密码已由管理员重置；如非本人要求，请立即联系督查员",
        (
            "the password of {account} was reset by an administrator;"
            " if nobody asked for it, tell a supervisor at once"
        ),
    ),
    "digest.event.password_reset_of": (
        "账号 {account} 的密码已由管理员重置，请向其本人核实",
        "the password of {account} was reset by an administrator: ask whether they know",
    ),
    "digest.event.duty_given": ("您新任：{role}（{body}）", "you are now {role} of {body}"),
    "digest.event.duty_taken": ("您不再担任：{role}（{body}）", "you are {role} of {body} no more"),
    "digest.event.taken_over": ("草稿已由 {other} 接办", "{other} has taken the draft over"),
    "digest.event.deputy_named": (
        "您受委托代 {other} 办理",
        "you stand in for {other}",
    ),
    "digest.event.deputy_ended": (
        "您不再代 {other} 办理",
        "you no longer stand in for {other}",
    ),
    "digest.event.principal_named": (
        "您不在期间由 {other} 代为办理",
        "{other} stands in for you",
    ),
    "digest.event.principal_ended": (
        "{other} 不再代您办理",
        "{other} no longer stands in for you",
    ),
    "digest.event.test": ("这是一条测试消息，能收到即表示设置正确", "a test: it has reached you"),
    "digest.event.other": ("通知（{code}）", "notice ({code})"),
    # Faults
    "digest.fault.other": ("{code}⟦（{subject}）⟧", "{code}⟦ ({subject})⟧"),
    "digest.fault.nobody_to_tell": (
        "期限提醒无人接收：⟦{at} 没有{role}，请任命⟧⟦{audience}没有督查员，也没有登记联系方式⟧",
        "a deadline has nobody to tell: ⟦{at} has no {role}⟧⟦{audience} without people or address⟧",
    ),
    "digest.fault.address_refused": (
        "{recipient} 的{channel}地址被对方永久拒收，请改正地址",
        "the address of {recipient} ({channel}) is refused for good: correct it",
    ),
    "digest.fault.no_address": (
        "{recipient} 没有可用的联系方式，收不到提醒。请登记：gongkai contact set",
        "{recipient} is reached by no channel: gongkai contact set",
    ),
    "digest.fault.channel_failing": (
        "{channel}连续发送失败（{problem}），请检查该通道的设置",
        "sending by {channel} fails again and again ({problem}): look at its settings",
    ),
    "digest.fault.message_quarantined": (
        "消息无法生成，已隔离，每天重试一次（{subject}）",
        "a message cannot be put into words; it is put aside and tried once a day ({subject})",
    ),
    "digest.fault.alert_quarantined": (
        "提醒无法生成，已隔离（{subject}）",
        "an alert cannot be put into words and is put aside ({subject})",
    ),
    "digest.fault.quarantined": (
        "期限无法检查，已隔离（{subject}，{problem}）",
        "a clock cannot be looked at and is put aside ({subject}, {problem})",
    ),
    "digest.fault.job_late": (
        "后台任务“{job}”没有按时运行",
        "the job is late: {job}",
    ),
    "digest.fault.beat_silent": (
        "自 {since} 起没有收到任何后台任务的触发，请检查 Celery 的 beat 和 Redis",
        "nobody has asked for any job since {since}: see to Celery's beat, and to Redis",
    ),
    "digest.fault.clock_jumped": (
        "本机时钟跳变 {seconds} 秒，后台任务已停止",
        "the host's clock is off by {seconds} s, and no job runs",
    ),
    "digest.fault.calendar_missing": (
        "{year} 年的工作日历尚未导入（现有至 {horizon}，暂定期限 {provisional} 项）",
        "no calendar of {year} (it ends on {horizon}; provisional dates: {provisional})",
    ),
    "digest.fault.trail_broken": (
        "办理记录被改动（共 {count} 处）",
        "the trail was tampered with (places: {count})",
    ),
    "digest.fault.broker_forgets": (
        "{place} 的 Redis 没有持久化",
        "Redis at {place} keeps nothing on disk",
    ),
    "digest.fault.broker_unchecked": (
        "{place} 的 Redis 不许查看设置",
        "Redis at {place} does not let its settings be seen",
    ),
}
