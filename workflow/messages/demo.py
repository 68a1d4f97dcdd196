"""What the demonstration says between the commands it runs."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "demo.title": (
        "演示：东昌区 2016 年度报告，从拟稿到发布。机构和人员均为样例，时间设在 2017 年 1 月。",
        (
            "Demonstration: the 2016 report of Dongchang District, from draft to published."
            " Bodies and"
            " people are samples (样例); the clock stands in January 2017."
        ),
    ),
    "demo.more": ("  ……（略去 {count} 行）", "  … ({count} lines left out)"),
    "demo.office": ("一、管理员建立系统，添加人员", "1. The administrator sets up the office"),
    "demo.first_logins": (
        "二、各人用一次性密码登录，改为自己的密码",
        "2. Everybody signs in with a one-time password and chooses their own",
    ),
    "demo.draft": ("三、信息员拟稿并提交", "3. The clerk enters the draft and submits it"),
    "demo.self": (
        "四、信息员兼任部门领导，想审核自己的稿件：被拒绝",
        "4. The clerk, who is also a head, tries to sign off her own draft: refused",
    ),
    "demo.round_one": (
        "五、审核签字、用印、保密审查",
        "5. Sign-off, seal, confidentiality review",
    ),
    "demo.returned": ("六、终审退回", "6. The final reviewer returns it"),
    "demo.edited": (
        "七、修改后重新提交：先前的决定失效",
        "7. Changed and submitted again: the earlier decisions are void",
    ),
    "demo.round_two": (
        "八、各环节对新的内容重新作出决定",
        "8. Every stage decides anew on the new content",
    ),
    "demo.published": ("九、发布", "9. Publication"),
    "demo.withheld": (
        "十、另一条信息依法不予公开；领导休假一天，由他人代为签字",
        "10. Another item is withheld by law; the head is on leave, and somebody signs instead",
    ),
    "demo.clocks": (
        "十一、两个期限：每一天是怎么算的；超出放假通知的日期为暂计",
        "11. Two clocks: how each day was counted; what no notice covers yet is provisional",
    ),
    "demo.due_today": (
        "十二、另一部门的信息今天到期：经办人收到提醒",
        "12. Another department's item is due today: those who have it are reminded",
    ),
    "demo.delivered": (
        "十三、送交公共查阅点，对方签收",
        "13. Delivered to the reading points, and received there",
    ),
    "demo.overdue": (
        "十四、一夜过去，信息逾期：督查员收到预警，查看并确认",
        "14. The night has passed and it is overdue: the supervisor is alerted and acknowledges",
    ),
    "demo.mail": ("收到邮件：", "receives this message:"),
    "demo.corrected": (
        "十五、（在演练库的副本中）已公开的信息有误：更正版另走各环节（略），公开之前原版仍在网上",
        (
            "15. In a copy of the office, something public is wrong: its next edition passes every"
            " stage (not shown), and the old one stays online until then"
        ),
    ),
    "demo.retracted": (
        "十六、撤下：发布员提出，终审员确认，网页换成公告",
        (
            "16. A retraction: the publisher asks, the final reviewer confirms, a notice takes the"
            " place of the page"
        ),
    ),
    "demo.records": ("十七、办理记录", "17. The trail"),
    "demo.kept": ("演练库保存在 {path}。", "The rehearsal is kept in {path}."),
    "demo.play": (
        "设置下面的环境变量，就可以继续试用（例如 gongkai login {name}）：",
        "Set these variables to go on playing (say, gongkai login {name}):",
    ),
    "demo.account": ("账号", "Account"),
    "demo.password": ("密码", "Password"),
    "demo.person": ("姓名", "Person"),
    "demo.roles": ("角色", "Roles"),
    "demo.page": ("发布的页面：", "The published page:"),
    # What the sample people write; Chinese, as they would
    "demo.text.admin": ("样例管理员", "样例管理员"),
    "demo.text.title": (
        "2016年东昌区政府信息公开工作年度报告",
        "2016年东昌区政府信息公开工作年度报告",
    ),
    "demo.text.leave": ("年休假", "年休假"),
    "demo.text.summary": (
        (
            "东昌区2016年度政府信息公开工作情况：组织领导、主动公开、依申请公开、复议诉讼、存在的"
            "问题和改进措施。"
        ),
        (
            "东昌区2016年度政府信息公开工作情况：组织领导、主动公开、依申请公开、复议诉讼、存在的"
            "问题和改进措施。"
        ),
    ),
    "demo.text.returned": ("缺少内容概述，请补充", "缺少内容概述，请补充"),
    "demo.text.list_title": (
        "2017年第一季度临时救助对象名册（样例）",
        "2017年第一季度临时救助对象名册（样例）",
    ),
    "demo.text.late_title": (
        "2016年冬季取暖救助办法（样例）",
        "2016年冬季取暖救助办法（样例）",
    ),
    "demo.text.late_body": (
        "样例：符合条件的困难家庭可以向所在乡镇、街道申请冬季取暖救助。",
        "样例：符合条件的困难家庭可以向所在乡镇、街道申请冬季取暖救助。",
    ),
    "demo.text.hours_title": (
        "政务服务大厅办公时间（样例）",
        "政务服务大厅办公时间（样例）",
    ),
    "demo.text.hours_wrong": (
        "样例：周一至周五，上午8:30至11:30，下午2:30至5:00。",
        "样例：周一至周五，上午8:30至11:30，下午2:30至5:00。",
    ),
    "demo.text.hours_right": (
        "样例：周一至周五，上午8:30至11:30，下午1:30至5:00。",
        "样例：周一至周五，上午8:30至11:30，下午1:30至5:00。",
    ),
    "demo.text.correction": ("更正下午的办公时间", "更正下午的办公时间"),
    "demo.text.explanation": (
        "大厅正在搬迁，新的办公时间另行公开",
        "大厅正在搬迁，新的办公时间另行公开",
    ),
    "demo.text.privacy": (
        "名册含有救助对象的姓名、证件号和账号，属于第三方个人隐私",
        "名册含有救助对象的姓名、证件号和账号，属于第三方个人隐私",
    ),
}
