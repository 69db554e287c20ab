/** One certificate as the server sent it, leaf first. */
export interface ServedCertificate {
  subject: string;
  issuer: string;
  /** DNS-IDs of the subjectAltName; empty when there is none. */
  dnsNames: string[];
  /** Common name of the subject, shown only: RFC 9525 forbids using it. */
  commonName: string | null;
  notBefore: string;
  notAfter: string;
  serialNumber: string;
  fingerprint256: string;
  /** PEM text. */
  pem: string;
}

/** Why the chain is not trusted, from the verifier's own code, e.g. "CERT_HAS_EXPIRED". */
export interface ChainError {
  code: string;
  message: string;
}

export interface TlsFact {
  /** "TLSv1.3", "TLSv1.2", … */
  version: string;
  cipher: string;
  chain: ServedCertificate[];
  /** Null when the chain leads to a trusted root and is in its validity period. Names are judged apart. */
  chainError: ChainError | null;
}

export interface HttpFact {
  status: number;
  /** Raw Location header, or null. */
  location: string | null;
  /** Raw Content-Type header, or null. */
  contentType: string | null;
  /** Raw Content-Encoding header, or null. We ask for none, so anything here but "identity" makes the body unreadable. */
  contentEncoding?: string | null;
  /** Body octets as latin1 chars, cut at `MAX_POLICY_BYTES` + 1. */
  body: string;
  /** True when the body went past `MAX_POLICY_BYTES` (64 KiB, RFC 8461 §3.3) and was cut there. */
  tooLarge: boolean;
}

export type FetchFailure =
  /** The guard refused each address: not on the public internet (and not in SEALPOST_PROBE_ALLOW). */
  | "address-refused"
  | "connection-refused"
  | "connection-timeout"
  | "connection-reset"
  | "network-unreachable"
  /** This machine has no way to addresses of this family at all. */
  | "no-route-here"
  /** The machine's own firewall forbids the connection. */
  | "forbidden-here"
  | "tls-handshake"
  | "tls-timeout"
  /** TLS is up, but the complete answer was not there within the time limit (RFC 8461 §3.3: one minute). */
  | "response-timeout"
  | "response-malformed"
  /** The connection ended before the answer was complete. */
  | "response-incomplete";

/** One GET of the policy URL: as far as it came. `http` is only asked for when chain and names are good (RFC 8461 §3.3). */
export interface PolicyFetchFact {
  url: string;
  host: string;
  /** The address of the connection that `tls` and `http` describe; null when none was made. */
  address: string | null;
  /** Addresses tried before that, with what happened. */
  attempts: { address: string; failure: FetchFailure; detail: string }[];
  tls: TlsFact | null;
  /** TLS versions below 1.2 that the host accepts (RFC 8996: deprecated); null when not tried. */
  legacyVersions: string[] | null;
  /** Null when not tried. */
  withoutSni?: WithoutSni | null;
  http: HttpFact | null;
  failure: { code: FetchFailure; detail: string } | null;
  /** True for a policy that is not published yet: nothing was fetched. */
  proposed?: boolean;
  /** From the start of the connection to the end of the body. */
  milliseconds: number;
}

/** What comes of a handshake without SNI, which a policy host may rely on (RFC 8461 §7.1). */
export interface WithoutSni {
  /** The leaf; null when the host ended the handshake, as it may. */
  certificate: ServedCertificate | null;
  detail: string | null;
}

/** The same request under another name: some hosts turn away what is no browser (standards.md B2.8). */
export interface PolicyAgentFact {
  /** The User-Agent header; null for none at all. */
  agent: string | null;
  status: number | null;
  /** Of the body; null when there was none. */
  sha256: string | null;
  failure: { code: FetchFailure; detail: string } | null;
}
