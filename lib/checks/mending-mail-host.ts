import type { Mending } from "./mending-step.ts";

// The names in all examples: the domain example.org with its mail host mx1.example.org.
const POSTFIX_FILES = `smtpd_tls_chain_files =
    /etc/letsencrypt/live/mx1.example.org/privkey.pem,
    /etc/letsencrypt/live/mx1.example.org/fullchain.pem`;
const POSTFIX_LOAD = "Load the settings, and look into the log for complaints:\npostfix check && postfix reload";
const POSTFIX_CHAIN = `Name the key first and the certificate with its chain after it in \`main.cf\` (Postfix 3.4 and later; before that \`smtpd_tls_key_file\` and \`smtpd_tls_cert_file\`):\n${POSTFIX_FILES}`;

const EXCHANGE_CONNECTOR = `Let the connector that takes mail from the internet use it, then restart its service:
$cert = Get-ExchangeCertificate -Thumbprint <THUMBPRINT>
Set-ReceiveConnector "<SERVER>\\Default Frontend <SERVER>" -TlsCertificateName "<I>$($cert.Issuer)<S>$($cert.Subject)"
Restart-Service MSExchangeFrontEndTransport`;
const EXCHANGE_ENABLE = `Enable a certificate for SMTP that names the host of the MX record:
Get-ExchangeCertificate | Format-List Thumbprint,Subject,CertificateDomains,NotAfter,Services
Enable-ExchangeCertificate -Thumbprint <THUMBPRINT> -Services SMTP`;
const EXCHANGE_IMPORT = `Import the new certificate with its key on each server that takes mail:
Import-ExchangeCertificate -FileData ([System.IO.File]::ReadAllBytes('C:\\new.pfx')) -Password (Read-Host -AsSecureString)`;

const MICROSOFT_NOTHING =
  "Microsoft runs TLS on its MX hosts; there is nothing to set. If the fault is at a host of another name, mail goes through a gateway first: mend it there, or let the MX record name Microsoft's host.";
const GOOGLE_NOTHING =
  "Google runs TLS on its MX hosts; there is nothing to set. If the fault is at a host of another name, mail goes through a gateway first: mend it there, or let the MX record name Google's hosts.";
const BY_PROVIDER = { microsoft365: [MICROSOFT_NOTHING], googleWorkspace: [GOOGLE_NOTHING] };

const SEE = `See what the host serves, from outside its own network:
openssl s_client -starttls smtp -connect mx1.example.org:25 -servername mx1.example.org -showcerts </dev/null`;
const EVERYWHERE =
  "Do the same on every machine behind the name, for IPv4 and for IPv6: often one node or one family keeps the old state.";

/** STARTTLS is not offered, or stripped on the way. */
export const STARTTLS_MISSING: Mending = {
  general: [
    "Ask the host from outside its own network; the reply to EHLO needs a line with STARTTLS:\nopenssl s_client -starttls smtp -connect mx1.example.org:25 </dev/null",
    "If it is offered inside the network but not outside, a firewall or filter on the way takes it out. On a Cisco ASA that is `inspect esmtp`, and shows as a keyword of X: switch the inspection off, or let it pass TLS with `allow-tls`.",
    "Otherwise give the mail server a certificate, and switch TLS on for incoming mail.",
  ],
  postfix: [
    `Switch TLS on for incoming mail in \`main.cf\`:\nsmtpd_tls_security_level = may\n${POSTFIX_FILES}`,
    "See that nothing hides it: `smtpd_discard_ehlo_keywords` must not hold `starttls`, and in `master.cf` the service on port 25 must not set another `smtpd_tls_security_level`.",
    POSTFIX_LOAD,
  ],
  exchange: [
    EXCHANGE_ENABLE,
    `See that the connector for mail from the internet has \`Tls\` among its mechanisms:
Get-ReceiveConnector "<SERVER>\\Default Frontend <SERVER>" | Format-List Bindings,AuthMechanism,Fqdn,TlsCertificateName`,
  ],
  ...BY_PROVIDER,
};

/** STARTTLS is offered, and then there is no handshake. */
export const HANDSHAKE_FAILS: Mending = {
  general: [
    SEE,
    "Look into the mail server's log at the same moment. The usual causes: the key cannot be read or does not belong to the certificate, no TLS version or cipher in common, or a filter before the server.",
  ],
  postfix: [
    "Look for `TLS library problem` and `cannot get … private key` in the log, and compare the public keys, which have to be equal:\nopenssl x509 -in fullchain.pem -noout -pubkey | openssl sha256\nopenssl pkey -in privkey.pem -pubout | openssl sha256",
    POSTFIX_CHAIN,
    POSTFIX_LOAD,
  ],
  exchange: [EXCHANGE_ENABLE, EXCHANGE_CONNECTOR],
  ...BY_PROVIDER,
};

/** The certificate does not name the mail host. */
export const CERTIFICATE_NAME: Mending = {
  general: [
    "Get a certificate whose subjectAltName holds the name in the MX record: `mx1.example.org`, not the mail domain and not the name of the machine. A certificate can hold the names of several mail hosts.",
    "Or let the MX record name a host that the certificate is good for. With MTA-STS, add an mx line for the new name and change the id first.",
    SEE,
  ],
  postfix: [
    POSTFIX_CHAIN,
    "If one server has several names, one certificate for all of them is simplest; `tls_server_sni_maps` can choose by the name that the sender asks for.",
    POSTFIX_LOAD,
  ],
  exchange: [EXCHANGE_IMPORT, EXCHANGE_ENABLE, EXCHANGE_CONNECTOR],
  microsoft365: [
    "Let the MX record name exactly the host that the admin centre shows: `example-org.mail.protection.outlook.com`, or a host below `mx.microsoft`. A name of your own that leads there fits no certificate.",
  ],
  googleWorkspace: [
    "Let the MX record name `smtp.google.com` itself (older set-ups: `aspmx.l.google.com` and `alt1.aspmx.l.google.com` to `alt4`). A name of your own that leads there fits no certificate.",
  ],
};

/** The certificate has expired, or will soon. */
export const CERTIFICATE_EXPIRED: Mending = {
  general: [
    "Renew the certificate, install it with its chain, and reload the mail server: a file that was renewed is not served until then.",
    EVERYWHERE,
    `See which dates are served:
openssl s_client -starttls smtp -connect mx1.example.org:25 </dev/null | openssl x509 -noout -dates -subject`,
    "Then find out why the automatic renewal did not run, or did not reload.",
  ],
  postfix: [
    "Let each renewal reload Postfix. With certbot, an executable file in `/etc/letsencrypt/renewal-hooks/deploy/`:\n#!/bin/sh\npostfix reload",
    "Where TLSA records are published, keep the key at renewal, so that they still fit:\ncertbot renew --reuse-key",
  ],
  exchange: [EXCHANGE_IMPORT, EXCHANGE_ENABLE, EXCHANGE_CONNECTOR],
  ...BY_PROVIDER,
};

/** The chain does not lead to a trusted root. */
export const CERTIFICATE_CHAIN: Mending = {
  general: [
    "Serve the certificate and all intermediate certificates after it, each followed by the one that vouches for it; the root can be left out. Authorities hand this out as one file, often called `fullchain.pem`.",
    "A self-signed certificate, or one of a private authority, has to be replaced by one of a public authority. DANE senders accept it with a fitting TLSA record, MTA-STS senders never.",
    SEE,
  ],
  postfix: [POSTFIX_CHAIN, POSTFIX_LOAD],
  exchange: [
    "Windows sends the intermediate certificates that it finds in its own store; put them there and restart the service:\nImport-Certificate -FilePath C:\\intermediate.cer -CertStoreLocation Cert:\\LocalMachine\\CA\nRestart-Service MSExchangeFrontEndTransport",
    EXCHANGE_ENABLE,
  ],
  ...BY_PROVIDER,
};

/** The key of the certificate, or its signature, is weak. */
export const CERTIFICATE_KEY: Mending = {
  general: [
    "Make a new key, ECDSA on P-256 or RSA with at least 2048 bits, and have a certificate issued for it with SHA-256.",
    "Where TLSA records are published, publish the one for the new key first, and wait for twice their TTL before the key is used.",
  ],
  postfix: [POSTFIX_CHAIN, POSTFIX_LOAD],
  exchange: [EXCHANGE_IMPORT, EXCHANGE_ENABLE, EXCHANGE_CONNECTOR],
  ...BY_PROVIDER,
};

/** TLS 1.2 is missing, or older versions and weak ciphers are still on. */
export const TLS_OLD: Mending = {
  general: [
    "Switch on TLS 1.2 and 1.3 for incoming mail, then switch 1.0 and 1.1 off: RFC 8996 has retired them, and a sender that could do no better takes no part in MTA-STS or DANE.",
    "Prefer ciphers with forward secrecy (ECDHE) and authenticated encryption (GCM, ChaCha20).",
  ],
  postfix: [
    "In `main.cf` (Postfix 3.6 and later; before that `!SSLv2, !SSLv3, !TLSv1, !TLSv1.1`):\nsmtpd_tls_protocols = >=TLSv1.2\nsmtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_ciphers = medium",
    POSTFIX_LOAD,
  ],
  exchange: [
    "TLS versions are a setting of Windows (Schannel) and of .NET. For TLS 1.2, then restart the server:\n$key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server'\nif (-not (Test-Path $key)) { New-Item $key -Force }\nSet-ItemProperty $key -Name Enabled -Value 1 -Type DWord\nSet-ItemProperty $key -Name DisabledByDefault -Value 0 -Type DWord",
    "Follow Microsoft's page “Exchange Server TLS configuration best practices” for the rest, and check the result with its script HealthChecker.ps1.",
  ],
  ...BY_PROVIDER,
};

/** Without SNI there is another certificate, or none. */
export const SNI_DEMANDED: Mending = {
  general: [
    "Set a default certificate that names the mail host: it is what a sender gets that asks for no name, or for one that the server does not know.",
    "Look at a load balancer or proxy before the mail server too. In HAProxy, `strict-sni` must not be set on the bind line for port 25.",
    `Compare both answers:
openssl s_client -starttls smtp -connect mx1.example.org:25 -servername mx1.example.org </dev/null
openssl s_client -starttls smtp -connect mx1.example.org:25 -noservername </dev/null`,
  ],
  postfix: [
    `\`tls_server_sni_maps\` only adds certificates for other names. The default is:\n${POSTFIX_FILES}`,
    POSTFIX_LOAD,
  ],
  exchange: [
    "Exchange does not choose its SMTP certificate by SNI; a proxy or filter before it does. Set the default certificate there.",
  ],
};

/** What came in plaintext behind STARTTLS is acted upon inside TLS. */
export const PLAINTEXT_INJECTED: Mending = {
  general: [
    "Update the mail server, and whatever ends TLS before it: known servers have discarded such input since 2011.",
    "Until then take STARTTLS-terminating filters or proxies out of the way, so that the mail server itself does TLS.",
  ],
  postfix: ["Any version from 2.8 on is right. If yours is, what stands before Postfix on port 25 is at fault."],
  ...BY_PROVIDER,
};

/** The host does not answer, or not in the language of SMTP. */
export const HOST_SILENT: Mending = {
  general: [
    "Try the address from another network, since port 25 is often closed for machines that send no mail:\nopenssl s_client -starttls smtp -connect mx1.example.org:25 </dev/null",
    "See that the mail server listens on this address, and that the firewall lets port 25 in from everywhere, for IPv4 and for IPv6.",
    "If the machine is gone for good, remove its address, or the whole MX record. Senders lose time at it, and it fails when the others are down.",
  ],
  postfix: [
    "See where it listens, and set `inet_interfaces = all` and `inet_protocols = all` where it is less:\npostconf inet_interfaces inet_protocols\nss -ltn 'sport = :25'",
  ],
  exchange: [
    'See that the connector for mail from the internet listens on all addresses (`0.0.0.0:25` and `[::]:25`):\nGet-ReceiveConnector "<SERVER>\\Default Frontend <SERVER>" | Format-List Enabled,Bindings,RemoteIPRanges',
  ],
};
