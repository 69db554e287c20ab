import { looksLikeAddress } from "./host-grammar.ts";

/** Whether a certificate is valid for a host, and if not, why not. */
export type CertificateMatch =
  | { matched: true; name: string }
  | {
      matched: false;
      why:
        | "other-names"
        | "common-name-only"
        | "no-names"
        | "wildcard-too-deep"
        | "wildcard-apex"
        | "wildcard-misplaced"
        | "host-is-address";
      /** The name of the certificate that almost matched, or null. */
      nearest: string | null;
    };

/** The names of a certificate that matter here. */
export interface CertificateNames {
  readonly dnsNames: readonly string[];
  /** Never matched (RFC 9525 §2: the CN-ID is gone; M25); only told apart from a certificate without any name. */
  readonly commonName: string | null;
}

/** Compares a host with the DNS-IDs of a certificate (RFC 9525 §6.3; RFC 8461 §3.3 and §4.2; M24, M25). */
export function matchCertificate(host: string, names: CertificateNames): CertificateMatch {
  const wanted = host.toLowerCase().replace(/\.$/, "");
  // RFC 9525 §6.4: an address is compared with IP-IDs, never with DNS-IDs.
  if (wanted === "" || looksLikeAddress(wanted)) return { matched: false, why: "host-is-address", nearest: null };
  const name = names.dnsNames.find((candidate) => matchesDnsId(candidate, wanted));
  if (name !== undefined) return { matched: true, name };

  const near = (test: (candidate: string) => boolean) => names.dnsNames.find((one) => test(one.toLowerCase()));
  const tooDeep = near((one) => isWildcard(one) && wanted.endsWith(one.slice(1)));
  if (tooDeep !== undefined) return { matched: false, why: "wildcard-too-deep", nearest: tooDeep };
  const apex = near((one) => isWildcard(one) && wanted === one.slice(2));
  if (apex !== undefined) return { matched: false, why: "wildcard-apex", nearest: apex };
  const misplaced = near((one) => one.includes("*") && !isWildcard(one) && globs(one, wanted));
  if (misplaced !== undefined) return { matched: false, why: "wildcard-misplaced", nearest: misplaced };

  if (names.dnsNames.length > 0) return { matched: false, why: "other-names", nearest: null };
  const commonName = names.commonName?.toLowerCase() ?? null;
  if (commonName === null) return { matched: false, why: "no-names", nearest: null };
  const wouldMatch = matchesDnsId(commonName, wanted);
  return { matched: false, why: wouldMatch ? "common-name-only" : "no-names", nearest: names.commonName };
}

/** RFC 9525 §6.3: equal, or `*` as the whole left-most label in place of exactly one label of the host. */
function matchesDnsId(dnsId: string, host: string): boolean {
  const presented = dnsId.toLowerCase();
  if (!presented.includes("*")) return presented === host;
  const dot = host.indexOf(".");
  return isWildcard(presented) && dot > 0 && presented.slice(2) === host.slice(dot + 1);
}

function isWildcard(dnsId: string): boolean {
  return dnsId.startsWith("*.") && dnsId.length > 2 && !dnsId.slice(1).includes("*");
}

/** What a reader would take the misplaced `*` of `mta-*.example.org` or `*.*.org` to mean. */
function globs(dnsId: string, host: string): boolean {
  const [theirs, ours] = [dnsId.split("."), host.split(".")];
  return (
    theirs.length === ours.length &&
    theirs.every((label, i) => {
      const [start = "", ...rest] = label.split("*");
      const end = rest.at(-1) ?? "";
      const own = ours[i] ?? "";
      return rest.length === 0 ? label === own : own.startsWith(start) && own.endsWith(end);
    })
  );
}
