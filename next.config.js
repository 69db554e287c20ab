/** @type {import("next").NextConfig} */
export default {
  // Each build has a folder of its own (lib/cli/build.ts), so that a new one leaves a running Sealpost alone.
  distDir: process.env.NEXT_BUILD_FOLDER ?? ".next",
  agentRules: false,
  experimental: { agentUpgrade: false },
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
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
