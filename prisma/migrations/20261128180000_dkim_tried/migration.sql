-- AlterTable
ALTER TABLE "reports" ADD COLUMN     "dkim_tried_at" TIMESTAMPTZ(3);
