/** A file to send, and where it stood: its own name, or its path below the folder that was dropped. */
export interface Chosen {
  file: File;
  path: string;
}

/** What a mail server, a desktop or a version control keeps beside the files. */
function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini";
}

/** Files of a file chooser; of a folder's, hidden ones are left out. */
export function chosenFiles(files: Iterable<File>): Chosen[] {
  return [...files].flatMap((file) => {
    const path = file.webkitRelativePath;
    if (path === "") return [{ file, path: file.name }];
    return path.split("/").some(isHidden) ? [] : [{ file, path }];
  });
}

/**
 * Files of a drop, with all that is in dropped folders. Call it while the drop is being handled: afterwards the browser has
 * forgotten its items.
 */
export function droppedFiles(transfer: DataTransfer): Promise<Chosen[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const found = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return Promise.all(
    found.map(({ entry, file }) => {
      if (entry?.isDirectory) return filesBelow(entry as FileSystemDirectoryEntry);
      return file === null ? [] : [{ file, path: file.name }];
    }),
  ).then((all) => all.flat());
}

async function filesBelow(folder: FileSystemDirectoryEntry): Promise<Chosen[]> {
  const found: Chosen[] = [];
  // One after the other: a Maildir has thousands of files, and each read takes a handle.
  for (const entry of await entriesOf(folder)) {
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory) found.push(...(await filesBelow(entry as FileSystemDirectoryEntry)));
    else found.push({ file: await fileOf(entry as FileSystemFileEntry), path: entry.fullPath.replace(/^\//, "") });
  }
  return found;
}

/** A reader gives a hundred entries at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    entries.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, failed) => entry.file(done, failed));
}
