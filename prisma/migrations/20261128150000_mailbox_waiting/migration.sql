-- AlterTable
ALTER TABLE "mailboxes" ADD COLUMN     "waiting" BIGINT NOT NULL DEFAULT 0;
