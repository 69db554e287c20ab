import type { Mending } from "./mending-step.ts";

const DIGEST = `Compute the data of a \`3 1 1\` record from the certificate in use:
openssl x509 -in fullchain.pem -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256`;
const MICROSOFT_ROTATES =
  "Microsoft publishes and changes the TLSA records below `mx.microsoft` itself; that some of them fit no certificate in use is meant so, and one that fits is enough. See that the MX record names exactly the host that was given out:\nGet-DnssecStatusForVerifiedDomain -DomainName example.org";
const GOOGLE_WITHOUT =
  "The names of Google's mail hosts are not signed, so DANE cannot be had there, and no TLSA record of yours can change it. MTA-STS is what protects mail to Google Workspace.";
const POSTFIX_RECORD =
  "Postfix prints the record for a key:\npostfix tls output-server-tlsa -h mx1.example.org /etc/letsencrypt/live/mx1.example.org/privkey.pem";

const PUBLISH = `Publish it at the name of the mail host:
_25._tcp.mx1.example.org. 3600 IN TLSA 3 1 1 <DIGEST>`;
const EXCHANGE_DIGEST =
  "Export the certificate in use without its key, and compute the record from that file:\nGet-ExchangeCertificate | Where-Object Services -match SMTP | Format-List Thumbprint,Subject,NotAfter\nExport-Certificate -Cert Cert:\\LocalMachine\\My\\<THUMBPRINT> -FilePath C:\\mx1.cer\nopenssl x509 -inform DER -in mx1.cer -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256";

/** The TLSA records do not fit what the host serves. */
export const TLSA_MISMATCH: Mending = {
  general: [
    "Fastest: if the old key and certificate are still there, put them back. The records fit again at once, with no cache to wait for.",
    DIGEST,
    "Publish it beside the old record, which goes when twice its TTL has passed:\n_25._tcp.mx1.example.org. 3600 IN TLSA 3 1 1 <DIGEST>",
    "Keep the key at the next renewals (certbot: `--reuse-key`), or publish the record of the new key before it is used.",
  ],
  postfix: [POSTFIX_RECORD, "Keep the key at renewal:\ncertbot renew --reuse-key --deploy-hook 'postfix reload'"],
  exchange: [
    EXCHANGE_DIGEST,
    "A certificate that is requested anew has a new key: publish its record first, and switch over after twice the TTL.",
  ],
  microsoft365: [MICROSOFT_ROTATES],
  googleWorkspace: [GOOGLE_WITHOUT],
};

/** A record for a key that is not in use: before or after a change of keys. */
export const TLSA_ROLLOVER: Mending = {
  general: [
    "Before a change: publish the record of the next key beside the present one, wait for twice the TTL, and only then use the key.",
    "After it: see that every address serves the new key, and remove the record of the old one.",
    DIGEST,
  ],
  postfix: [POSTFIX_RECORD],
  microsoft365: [MICROSOFT_ROTATES],
  googleWorkspace: [GOOGLE_WITHOUT],
};

/** TLSA records that no sender can use, or that are not as they should be. */
export const TLSA_RECORD: Mending = {
  general: [
    "Publish `3 1 1` records: usage 3 (this very key), selector 1 (the public key), matching type 1 (SHA-256). Usages 0 and 1 are not for mail.",
    DIGEST,
    PUBLISH,
    "Remove the other records once it has spread, which takes twice their TTL.",
  ],
  postfix: [POSTFIX_RECORD],
  microsoft365: [MICROSOFT_ROTATES],
  googleWorkspace: [GOOGLE_WITHOUT],
};

/** A record of usage 2, whose authority the host does not send. */
export const TLSA_ANCHOR: Mending = {
  general: [
    "Serve the certificate of the authority that the record names as part of the chain, also when it is the root.",
    "Or publish a `3 1 1` record for the host's own key instead, which needs no authority.",
    DIGEST,
  ],
  postfix: [
    "Add the authority's certificate to the end of the chain file in `smtpd_tls_chain_files`, and reload:\ncat fullchain.pem root.pem > /etc/postfix/chain-with-root.pem\npostfix reload",
    POSTFIX_RECORD,
  ],
  googleWorkspace: [GOOGLE_WITHOUT],
};

/** What comes for the name at which the TLSA records stand is not what comes for the name in the MX record. */
export const TLSA_BASE: Mending = {
  general: [
    `Compare what comes for both names, that of the MX record and the one that it is an alias of:
openssl s_client -starttls smtp -connect mx1.example.org:25 -servername mx1.example.org </dev/null
openssl s_client -starttls smtp -connect mx1.example.org:25 -servername mail.example.net </dev/null`,
    "Simplest is to have one name: let the MX record name the host itself, which no MX record may name by an alias anyway. With MTA-STS, add an mx line for that name and change the id first.",
    "Or let the server have one certificate with both names, and send it whatever name is said in the handshake.",
  ],
  postfix: [
    "Leave both names out of `tls_server_sni_maps`, so that the default certificate comes for each of them, or enter both with the same files.",
  ],
};

/** The zone is not signed. */
export const DNSSEC_MISSING: Mending = {
  general: [
    "Switch DNSSEC on where the zone is hosted; most providers sign it for you.",
    "Give the DS record that the provider shows to the registrar of the domain. Where both are one company, this is done with it.",
    "DANE needs it twice: for the zone of the domain, and for the zone in which each mail host has its name.\ndelv MX example.org\ndelv A mx1.example.org",
  ],
  microsoft365: [
    "Sign the zone of your domain first. Then ask for a mail host in a signed zone, let the MX record name it, and switch DANE on when mail arrives there:\nEnable-DnssecForVerifiedDomain -DomainName example.org\nEnable-SmtpDaneInbound -DomainName example.org",
    "With MTA-STS, add an mx line for the new host and change the id before the MX record changes.",
  ],
  googleWorkspace: [GOOGLE_WITHOUT],
};

/** The zones are signed or can be, and TLSA records are what is missing. */
export const DANE_MISSING: Mending = {
  general: [...DNSSEC_MISSING.general, DIGEST, PUBLISH],
  postfix: [POSTFIX_RECORD, "Keep the key at renewal:\ncertbot renew --reuse-key --deploy-hook 'postfix reload'"],
  exchange: [EXCHANGE_DIGEST],
  ...{ microsoft365: DNSSEC_MISSING.microsoft365 ?? [], googleWorkspace: [GOOGLE_WITHOUT] },
};

const MICROSOFT_ZONES =
  "The zone of your domain is yours to mend. For a host below `mx.microsoft`, see what Microsoft reports:\nGet-DnssecStatusForVerifiedDomain -DomainName example.org";

/** Answers whose signatures are wrong, or that never come. */
export const DNSSEC_WRONG: Mending = {
  general: [
    "Ask with and without validation. If only the second gets an answer, the signatures are wrong:\ndig +dnssec MX example.org\ndig +cd MX example.org",
    "See which step fails, with `delv` or at dnsviz.net. The usual causes: signatures that have expired, a DS record at the registrar for a key that is gone, and name servers that do not all have the same zone.",
    "If it cannot be mended soon, have the DS record removed at the registrar: the domain is then unsigned, and mail arrives again when its TTL has passed.",
    "If only the question for TLSA records fails, the name servers deny names wrongly: update them, or have the provider do it. DANE senders keep mail back until then.\ndig +dnssec TLSA _25._tcp.mx1.example.org",
  ],
  microsoft365: [MICROSOFT_ZONES],
};

/** The signatures are right, and nobody has renewed them. */
export const SIGNATURE_ENDS: Mending = {
  general: [
    "Ask each name server of the zone until when its signatures hold: in an RRSIG record the first of the two long numbers is the end, the second the beginning.\ndig +dnssec +norecurse MX example.org @ns1.example.org",
    "If only some name servers have the old signatures, they no longer get the zone: mend the transfer, and see that the serial in the SOA record grows with each signing.",
    "If all have them, have the zone signed again, and see in the log of the signer why it was not: a timer that no longer runs, keys that it may not read, a full disk. With BIND and with Knot DNS:\nrndc sign example.org\nknotc zone-sign example.org",
    "Let signatures be renewed a week before their end, so that a fault over a weekend does no harm. In the signing policy of BIND and of Knot DNS:\nsignatures-refresh 7d;\nrrsig-refresh: 7d",
  ],
  microsoft365: [MICROSOFT_ZONES],
};
