-- AlterTable
ALTER TABLE "day_totals" ADD COLUMN     "kept_failures" DECIMAL NOT NULL DEFAULT 0,
ADD COLUMN     "kept_reports" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "kept_successes" DECIMAL NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "domains" ADD COLUMN     "previous_inbox_token" TEXT,
ADD COLUMN     "previous_inbox_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "failure_totals" ADD COLUMN     "kept_sessions" DECIMAL NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "quarantined" ALTER COLUMN "bytes" DROP NOT NULL;

-- AlterTable
ALTER TABLE "raw_files" ALTER COLUMN "bytes" DROP NOT NULL;

-- AlterTable
ALTER TABLE "reports" ADD COLUMN     "dkim" TEXT,
ADD COLUMN     "dkim_reason" TEXT,
ADD COLUMN     "dkim_signer" TEXT,
ADD COLUMN     "held" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "thinned" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "teams" ADD COLUMN     "authserv_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "detail_days" INTEGER NOT NULL DEFAULT 400,
ADD COLUMN     "hold_unverified" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "raw_days" INTEGER NOT NULL DEFAULT 90;

-- CreateTable
CREATE TABLE "trusted_reporters" (
    "team_id" UUID NOT NULL,
    "organization" TEXT NOT NULL,
    "trusted_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trusted_reporters_pkey" PRIMARY KEY ("team_id","organization")
);

-- CreateTable
CREATE TABLE "mailboxes" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "tray_domain_id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "security" TEXT NOT NULL,
    "user_name" TEXT NOT NULL,
    "auth" TEXT NOT NULL,
    "secret" BYTEA NOT NULL,
    "folder" TEXT NOT NULL,
    "afterwards" TEXT NOT NULL,
    "move_to" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "uid_validity" BIGINT,
    "last_uid" BIGINT NOT NULL DEFAULT 0,
    "last_seen_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "failure" TEXT,
    "taken" BIGINT NOT NULL DEFAULT 0,
    "others" BIGINT NOT NULL DEFAULT 0,
    "lease_holder" UUID,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "mailboxes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mailboxes_team_id_idx" ON "mailboxes"("team_id");

-- CreateIndex
CREATE INDEX "mailboxes_tray_domain_id_idx" ON "mailboxes"("tray_domain_id");

-- CreateIndex
CREATE UNIQUE INDEX "domains_previous_inbox_token_key" ON "domains"("previous_inbox_token");

-- CreateIndex
CREATE INDEX "raw_files_domain_id_received_at_idx" ON "raw_files"("domain_id", "received_at");

-- CreateIndex
CREATE INDEX "reports_domain_id_door_received_at_idx" ON "reports"("domain_id", "door", "received_at" DESC);

-- AddForeignKey
ALTER TABLE "trusted_reporters" ADD CONSTRAINT "trusted_reporters_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailboxes" ADD CONSTRAINT "mailboxes_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailboxes" ADD CONSTRAINT "mailboxes_tray_domain_id_fkey" FOREIGN KEY ("tray_domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;
