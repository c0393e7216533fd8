package io.vertebra.vm.helper;

/** What the numbers of helpers mean: the ABI of the objects that call them. */
public enum HelperAbi {
    /** Linux's and Vertebra's numbers; an application's begin at {@value HelperBinder#FIRST_ID}. */
    NATIVE(HelperBinder.FIRST_ID, Integer.MAX_VALUE),
    /** jbpf's numbers; an application's are 32 to 63. */
    JBPF(JbpfHelpers.FIRST_OF_APPLICATIONS, JbpfHelpers.LAST);

    private final int first;
    private final int last;

    HelperAbi(int first, int last) {
        this.first = first;
        this.last = last;
    }

    /** The first number of applications' helpers; those below are built in. */
    public int first() {
        return first;
    }

    /** The last number of applications' helpers. */
    public int last() {
        return last;
    }
}
