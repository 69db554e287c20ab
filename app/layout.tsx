import type { Metadata } from "next";
import { headers } from "next/headers";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { SiteHeader } from "./site-header.tsx";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Sealpost: mail transport security", template: "%s · Sealpost" },
  description:
    "MTA-STS, TLS-RPT, DANE and STARTTLS of your domains: live lookups, TLS reports, and a guided way to enforce.",
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? "";
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="flex min-h-dvh flex-col">
        <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
          <a
            href="#content"
            className="absolute -left-[999px] z-10 rounded-md border border-line bg-panel px-3 py-2 focus:top-2 focus:left-2"
          >
            Skip to the content
          </a>
          <SiteHeader />
          <main id="content" className="mx-auto w-full max-w-[1120px] grow space-y-6 px-4 py-6">
            {children}
          </main>
        </ThemeProvider>
      </body>
    </html>
  );
}
