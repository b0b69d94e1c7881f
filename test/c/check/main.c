#include "check.h"

int main(int count, char **arguments) { return check_main(count, arguments); }
