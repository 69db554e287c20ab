-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'operator', 'viewer');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identities" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "password_resets" (
    "token_hash" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "password_resets_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "attempts" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "reset_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "teams" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "teams_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "team_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("team_id","user_id")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "token_hash" TEXT NOT NULL,
    "invited_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" UUID NOT NULL,
    "team_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "user_id" UUID,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "domains" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "inbox_token" TEXT NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "domains_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lookups" (
    "domain_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "worst" TEXT NOT NULL,
    "mode" TEXT,
    "facts" JSONB NOT NULL,
    "verdicts" JSONB NOT NULL,

    CONSTRAINT "lookups_pkey" PRIMARY KEY ("domain_id","id")
);

-- CreateTable
CREATE TABLE "raw_files" (
    "domain_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "file_name" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "raw_files_pkey" PRIMARY KEY ("domain_id","hash")
);

-- CreateTable
CREATE TABLE "reports" (
    "domain_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "organization" TEXT NOT NULL,
    "report_id" TEXT,
    "contact" TEXT,
    "begin_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "day" DATE NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "door" TEXT NOT NULL,
    "quirks" TEXT[],
    "identity_hash" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "counted" BOOLEAN NOT NULL,
    "raw_hash" TEXT NOT NULL,

    CONSTRAINT "reports_pkey" PRIMARY KEY ("domain_id","id")
);

-- CreateTable
CREATE TABLE "policy_results" (
    "domain_id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "organization" TEXT NOT NULL,
    "policy_type" TEXT NOT NULL,
    "policy_domain" TEXT,
    "strings" TEXT[],
    "mx" TEXT[],
    "successes" BIGINT NOT NULL,
    "failures" BIGINT NOT NULL,

    CONSTRAINT "policy_results_pkey" PRIMARY KEY ("domain_id","report_id","position")
);

-- CreateTable
CREATE TABLE "failures" (
    "domain_id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "policy" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "organization" TEXT NOT NULL,
    "policy_type" TEXT NOT NULL,
    "result_type" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "sending_ip" TEXT,
    "mx" TEXT,
    "helo" TEXT,
    "receiving_ip" TEXT,
    "sessions" BIGINT NOT NULL,
    "reason" TEXT,
    "additional" TEXT,

    CONSTRAINT "failures_pkey" PRIMARY KEY ("domain_id","report_id","policy","position")
);

-- CreateTable
CREATE TABLE "day_totals" (
    "domain_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "policy_type" TEXT NOT NULL,
    "organization" TEXT NOT NULL,
    "reports" INTEGER NOT NULL,
    "successes" DECIMAL NOT NULL,
    "failures" DECIMAL NOT NULL,

    CONSTRAINT "day_totals_pkey" PRIMARY KEY ("domain_id","day","policy_type","organization")
);

-- CreateTable
CREATE TABLE "failure_totals" (
    "domain_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "policy_type" TEXT NOT NULL,
    "organization" TEXT NOT NULL,
    "result_type" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "mx" TEXT NOT NULL,
    "sessions" DECIMAL NOT NULL,

    CONSTRAINT "failure_totals_pkey" PRIMARY KEY ("domain_id","day","policy_type","organization","result_type","cause","mx")
);

-- CreateTable
CREATE TABLE "quarantined" (
    "domain_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "file_name" TEXT,
    "code" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "door" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quarantined_pkey" PRIMARY KEY ("domain_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "identities_user_id_idx" ON "identities"("user_id");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "password_resets_user_id_idx" ON "password_resets"("user_id");

-- CreateIndex
CREATE INDEX "attempts_reset_at_idx" ON "attempts"("reset_at");

-- CreateIndex
CREATE UNIQUE INDEX "teams_slug_key" ON "teams"("slug");

-- CreateIndex
CREATE INDEX "memberships_user_id_idx" ON "memberships"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");

-- CreateIndex
CREATE INDEX "invitations_team_id_idx" ON "invitations"("team_id");

-- CreateIndex
CREATE INDEX "audit_events_team_id_at_id_idx" ON "audit_events"("team_id", "at" DESC, "id");

-- CreateIndex
CREATE INDEX "audit_events_user_id_at_idx" ON "audit_events"("user_id", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "domains_inbox_token_key" ON "domains"("inbox_token");

-- CreateIndex
CREATE INDEX "domains_name_idx" ON "domains"("name");

-- CreateIndex
CREATE UNIQUE INDEX "domains_team_id_name_key" ON "domains"("team_id", "name");

-- CreateIndex
CREATE INDEX "lookups_domain_id_checked_at_idx" ON "lookups"("domain_id", "checked_at" DESC);

-- CreateIndex
CREATE INDEX "reports_domain_id_identity_hash_idx" ON "reports"("domain_id", "identity_hash");

-- CreateIndex
CREATE INDEX "reports_domain_id_day_id_idx" ON "reports"("domain_id", "day" DESC, "id");

-- CreateIndex
CREATE INDEX "reports_domain_id_raw_hash_idx" ON "reports"("domain_id", "raw_hash");

-- CreateIndex
CREATE UNIQUE INDEX "reports_domain_id_content_hash_key" ON "reports"("domain_id", "content_hash");

-- CreateIndex
CREATE INDEX "policy_results_domain_id_day_policy_type_idx" ON "policy_results"("domain_id", "day", "policy_type");

-- CreateIndex
CREATE INDEX "failures_domain_id_day_policy_type_result_type_idx" ON "failures"("domain_id", "day", "policy_type", "result_type");

-- CreateIndex
CREATE INDEX "quarantined_domain_id_received_at_idx" ON "quarantined"("domain_id", "received_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "quarantined_domain_id_hash_code_key" ON "quarantined"("domain_id", "hash", "code");

-- AddForeignKey
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "password_resets" ADD CONSTRAINT "password_resets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "domains" ADD CONSTRAINT "domains_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookups" ADD CONSTRAINT "lookups_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "raw_files" ADD CONSTRAINT "raw_files_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_domain_id_raw_hash_fkey" FOREIGN KEY ("domain_id", "raw_hash") REFERENCES "raw_files"("domain_id", "hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_results" ADD CONSTRAINT "policy_results_domain_id_report_id_fkey" FOREIGN KEY ("domain_id", "report_id") REFERENCES "reports"("domain_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failures" ADD CONSTRAINT "failures_domain_id_report_id_fkey" FOREIGN KEY ("domain_id", "report_id") REFERENCES "reports"("domain_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "day_totals" ADD CONSTRAINT "day_totals_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_totals" ADD CONSTRAINT "failure_totals_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quarantined" ADD CONSTRAINT "quarantined_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;
