/** The secret of the Sealpost under test, known here so that the tests can look for it where it must not be. */
export const SECRET = "only-for-these-browser-tests-0123456789";
