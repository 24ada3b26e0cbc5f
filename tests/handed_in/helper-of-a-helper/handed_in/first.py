from second import *
