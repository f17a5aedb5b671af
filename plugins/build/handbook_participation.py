"""The handbook on taking part: requests for disclosure, consultations, the calendar, the leader's mailbox (pure)."""

from __future__ import annotations

TEXT = """## 公众参与

**依申请公开**（`/request/`）。受理机构取自 `organisations.yml`：写了 `request` 的机构列在这里；一个都没写的，列出全部
政府机关。`request` 里可写 `channels`（申请渠道）、`office`（受理机构）、`phone`（受理电话）、`email`（受理邮箱）、
`process`（办理流程）；没写的用机构自己的 `phone`、`email`；`address`、`postcode`、`fax`、`hours` 也取自机构。期限等
文字依《政府信息公开条例》写好，不用填写。

申请表在读者的浏览器里填写和核对，填好后打印成一页，或者写成一封邮件；除此以外什么都不发送，也不保存。有受理系统的，在
`site.yml` 写 `request_endpoint: https://sq.example.gov.cn/api/requests`，网页上就多一个“在线提交”按钮：

- 发送的是 JSON（`POST`，不带 Cookie）：`type`、`organ`（`id`、`name`）、`applicant`，以及填写了的 `name`、`identity`、
  `number`、`title`、`kind`、`code`、`head`、`contact`、`phone`、`email`、`address`、`postcode`、`description`、`form`、
  `way`、`purpose`；
- 受理系统要允许本网站跨域提交（CORS：`Access-Control-Allow-Origin`，`Access-Control-Allow-Headers: content-type`），
  收到后回答 2xx；回答 `{"receipt": "回执号"}` 的，网页请申请人记下回执号。内容要在受理系统中再核对一遍；
- 安全策略只在 `/request/` 一处放行这一台主机；换了地址，请把新的 `_headers` 或 `_nginx.conf` 用到服务器上。

**征求意见**。提出意见的方式分别写：`online`（网址）、`email`、`phone`、`address`（来信地址）；此外的写在 `channels`，如
“各镇意见箱”。邮件的主题和抬头由网页写好。截止以后不再显示；`outcome` 到公布时间显示在草案之前。

**日历**。征求意见的起止，听证、会议、新闻发布会、访谈的时间，各有一个 `index.ics`，全站的在 `/calendar.ics`，可以订阅。

**互动交流**（`/interaction/`）列出正在征求意见的、即将举行的、最近的访谈、政务热线（`hotline`）和领导信箱。信箱写在
`site.yml` 的 `mailbox`，可有几个：

````yaml
mailbox:
  - {name: 县长信箱, url: https://xx.example.gov.cn/xzxx, office: 县政府办公室, process: 一般在十个工作日内答复。}
````

没有网上信箱的，`url` 换成 `email`；还可写 `address`（来信地址）。
"""
