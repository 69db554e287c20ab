-- DropIndex
DROP INDEX "lookups_domain_id_checked_at_idx";

-- AlterTable
ALTER TABLE "domains" ADD COLUMN     "badge" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "lookups" ADD COLUMN     "seen" JSONB;

-- CreateTable
CREATE TABLE "changes" (
    "domain_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "lookup_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("domain_id","id")
);

-- CreateTable
CREATE TABLE "policy_ledger" (
    "domain_id" UUID NOT NULL,
    "policy_id" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "mode" TEXT NOT NULL,
    "max_age" INTEGER NOT NULL,
    "first_seen" TIMESTAMPTZ(3) NOT NULL,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_ledger_pkey" PRIMARY KEY ("domain_id","policy_id","body_hash")
);

-- CreateIndex
CREATE INDEX "changes_domain_id_at_lookup_id_id_idx" ON "changes"("domain_id", "at" DESC, "lookup_id" DESC, "id");

-- CreateIndex
CREATE INDEX "changes_domain_id_lookup_id_idx" ON "changes"("domain_id", "lookup_id");

-- CreateIndex
CREATE INDEX "policy_ledger_domain_id_last_seen_idx" ON "policy_ledger"("domain_id", "last_seen" DESC);

-- CreateIndex
CREATE INDEX "lookups_domain_id_checked_at_id_idx" ON "lookups"("domain_id", "checked_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "changes" ADD CONSTRAINT "changes_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_ledger" ADD CONSTRAINT "policy_ledger_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "domains"("id") ON DELETE CASCADE ON UPDATE CASCADE;
