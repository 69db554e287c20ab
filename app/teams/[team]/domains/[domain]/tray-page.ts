/** Files on a page of a tray, and so as many as one click does something with. */
export const TRAY_PAGE = 50;
