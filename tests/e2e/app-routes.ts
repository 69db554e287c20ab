import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "#lib/cli/run.ts";

/** A page or route of the product, as its file stands under app/. */
export interface AppRoute {
  /** With its parameters in brackets, e.g. "/teams/[team]/members". */
  pattern: string;
  isPage: boolean;
}

const FILES = readdirSync(join(ROOT, "app"), { recursive: true, encoding: "utf8" });

/** The HTTPS door stands before Next.js, and has no file under app/ (lib/doors/https-door.ts). */
const DOORS: AppRoute[] = [{ pattern: "/api/tls-reports/[inbox]", isPage: false }];

/** Every page and route, read from the files so that a new one cannot be forgotten. */
export function appRoutes(): AppRoute[] {
  const found = FILES.filter((file) => /(?:^|\/)(?:page\.tsx|route\.ts)$/.test(file));
  const routes = found.map((file) => {
    const parts = file.split("/").slice(0, -1);
    return {
      pattern: `/${parts.filter((part) => !part.startsWith("(")).join("/")}`,
      isPage: file.endsWith("page.tsx"),
    };
  });
  return [...routes, ...DOORS];
}

/** The name of every server action. */
export function serverActions(): string[] {
  const sources = FILES.filter((file) => /\.tsx?$/.test(file)).map((file) =>
    readFileSync(join(ROOT, "app", file), "utf8"),
  );
  return sources
    .filter((source) => /^\s*["']use server["']/m.test(source))
    .flatMap((source) => [...source.matchAll(/^export async function (\w+)/gm)].map(([, name = ""]) => name));
}
