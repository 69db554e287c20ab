/** @type {import("next").NextConfig} */
export default {
  // Each build has a folder of its own (lib/cli/build.ts), so that a new one leaves a running Sealpost alone.
  distDir: process.env.NEXT_BUILD_FOLDER ?? ".next",
  agentRules: false,
  experimental: { agentUpgrade: false },
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  // Pages get theirs from proxy.ts.
  headers: async () =>
    ["/:door(api|badge)/:path*", "/:page*/json"].map((source) => ({
      source,
      headers: [
        // What is no page is shown by no browser, whatever it holds (RFC 8460 §7).
        { key: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'; sandbox" },
        { key: "x-content-type-options", value: "nosniff" },
        { key: "referrer-policy", value: "same-origin" },
      ],
    })),
  reactStrictMode: true,
  // `npm test` checks the types, of the whole project and not of the pages alone.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "@node-rs/argon2",
    "pg",
    "nodemailer",
    "dns-packet",
    "yauzl",
    "postal-mime",
    "@fastify/busboy",
  ],
};
