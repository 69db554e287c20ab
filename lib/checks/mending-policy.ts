import type { Mending } from "./mending-step.ts";

const NEW_ID = "Change the id in the TXT record afterwards: senders fetch the policy again only when it is new.";
const MICROSOFT_LINES = "For hosts below `mail.protection.outlook.com` the line is:\nmx: *.mail.protection.outlook.com";
const MICROSOFT_NEW_LINES =
  "Hosts of the newer kind have two labels before `mx.microsoft`, and an asterisk stands for one: `*.mx.microsoft` does not cover them. Name the host of your MX record in full:\nmx: example-org.o-v1.mx.microsoft";
const GOOGLE_LINES =
  "For Google's hosts, the newer and the older names:\nmx: smtp.google.com\nmx: aspmx.l.google.com\nmx: *.aspmx.l.google.com";
const NOT_HOSTED = (company: string) =>
  `${company} does not serve the policy for you: any web server or static hosting that can have a certificate for \`mta-sts.example.org\` does.`;

/** The policy does not name a mail host. */
export const HOST_NOT_COVERED: Mending = {
  general: [
    "Add an mx line with the name exactly as in the MX record, one line for each host. Keep the lines of hosts that are still in use.",
    NEW_ID,
    "When mail moves to other hosts, the lines come first: add them, change the id, wait until the max_age of every policy that senders may still hold has passed, and change the MX records then.",
  ],
  microsoft365: [MICROSOFT_LINES, MICROSOFT_NEW_LINES],
  googleWorkspace: [GOOGLE_LINES],
};

/** The text of the policy. */
export const POLICY_TEXT: Mending = {
  general: [
    "A whole policy looks like this, and holds nothing else:\nversion: STSv1\nmode: testing\nmx: mx1.example.org\nmx: mx2.example.org\nmax_age: 604800",
    "Write it with a plain text editor and save it as UTF-8 without a byte order mark.",
    NEW_ID,
  ],
  microsoft365: [MICROSOFT_LINES, MICROSOFT_NEW_LINES],
  googleWorkspace: [GOOGLE_LINES],
};

/** The name or the web server of the policy host. */
export const POLICY_HOST: Mending = {
  general: [
    "Let `mta-sts.example.org` lead to a web server that you control, over IPv4 and IPv6 alike, or over one of them only.",
    "Serve one plain file there, to everybody, without redirect, log-in or bot rule. In nginx:\nserver {\n  listen 443 ssl;\n  listen [::]:443 ssl;\n  server_name mta-sts.example.org;\n  ssl_certificate /etc/letsencrypt/live/mta-sts.example.org/fullchain.pem;\n  ssl_certificate_key /etc/letsencrypt/live/mta-sts.example.org/privkey.pem;\n  location = /.well-known/mta-sts.txt {\n    default_type text/plain;\n    alias /var/www/mta-sts.txt;\n  }\n}",
    "See what senders get; the first line has to end in 200:\ncurl -i https://mta-sts.example.org/.well-known/mta-sts.txt",
  ],
  microsoft365: [NOT_HOSTED("Microsoft")],
  googleWorkspace: [NOT_HOSTED("Google")],
};

/** The certificate of the policy host. */
export const POLICY_HOST_CERTIFICATE: Mending = {
  general: [
    "Have a certificate issued for `mta-sts.example.org` by a public authority; `*.example.org` is good too. With certbot:\ncertbot certonly --webroot -w /var/www -d mta-sts.example.org",
    "Install it with its whole chain (`fullchain.pem`), for this name, at every address of the host, and reload the web server.",
    "If a CAA record stands at the domain, it has to allow the authority:\ndig +short CAA example.org",
    "See what is served:\nopenssl s_client -connect mta-sts.example.org:443 -servername mta-sts.example.org -showcerts </dev/null",
  ],
};

/** The TXT record at _mta-sts. */
export const POLICY_RECORD: Mending = {
  general: [
    'Publish one TXT record, after the policy can be fetched. The id is any new text of letters and digits, for example the time:\n_mta-sts.example.org. 3600 IN TXT "v=STSv1; id=20260701080000;"',
    "In the form of a DNS provider the name is often only `_mta-sts`, and the value goes in without quotation marks.",
    "See what stands there:\ndig +short TXT _mta-sts.example.org",
  ],
};

/** The TXT record at _smtp._tls, and its destinations. */
export const REPORT_RECORD: Mending = {
  general: [
    'Publish one TXT record with the address that is to receive the reports:\n_smtp._tls.example.org. 3600 IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.net"',
    "Name the most important address first: some senders report to the first alone. An address in another domain still receives reports when mail to this one fails.",
    "See what stands there:\ndig +short TXT _smtp._tls.example.org",
  ],
  microsoft365: [
    "Microsoft sends reports but receives none for you: the address is a mailbox of yours, or a service that reads reports.",
  ],
  googleWorkspace: [
    "Google sends reports but receives none for you: the address is a mailbox or group of yours, or a service that reads reports.",
  ],
};
