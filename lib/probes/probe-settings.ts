/** How the probes reach the network; made from the settings, so that a lab on loopback can stand in for the internet. */
export interface ProbeSettings {
  /** Recursive resolvers, "host:port" or an https URL (DoH, RFC 8484), tried in order. */
  resolvers: string[];
  httpsPort: number;
  smtpPort: number;
  /** The name that mail hosts are greeted with (RFC 5321 §4.1.1.1); null for the address of the connection. */
  ehloName: string | null;
  /** PEM text of extra trusted roots, or null. */
  extraRoots: string | null;
  /** CIDR ranges allowed beyond the public internet, e.g. "127.0.0.0/8". */
  allow: string[];
}
