/** @type {import("next").NextConfig} */
export default {
  agentRules: false,
  experimental: { agentUpgrade: false },
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  reactStrictMode: true,
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
