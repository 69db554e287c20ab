import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "#lib/accounts/auth-options.ts";

/** next-auth's endpoints: sign-in, callback, sign-out, CSRF token. The options know who asks. */
async function handler(request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  const visitor = {
    address: request.headers.get("x-sealpost-client") ?? "unknown",
    userAgent: request.headers.get("user-agent") ?? "",
  };
  return NextAuth(request, context, authOptions(visitor));
}

export { handler as GET, handler as POST };
